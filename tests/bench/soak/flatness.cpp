#include "tests/bench/soak/flatness.hpp"

#include <algorithm>

namespace plugboard::bench {

double slope(const std::vector<Sample>& samples, std::int64_t Holdings::*figure) {
  const auto count = static_cast<double>(samples.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& sample : samples) {
    const auto value = static_cast<double>(sample.holdings.*figure);
    x += sample.seconds;
    y += value;
    xx += sample.seconds * sample.seconds;
    xy += sample.seconds * value;
  }
  const double spread = count * xx - x * x;
  return spread > 0 ? (count * xy - x * y) / spread : 0;
}

std::int64_t median(const std::vector<Sample>& samples, std::int64_t Holdings::*figure) {
  if (samples.empty()) return 0;
  std::vector<std::int64_t> values;
  for (const auto& sample : samples) values.push_back(sample.holdings.*figure);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

} // namespace plugboard::bench
