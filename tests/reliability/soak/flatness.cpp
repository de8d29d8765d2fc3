#include "tests/reliability/soak/flatness.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::bench {

std::int64_t resident_of(const Sample& sample) {
  return sample.holdings.resident_kb;
}

std::int64_t threads_of(const Sample& sample) {
  return sample.holdings.threads;
}

Trend trend(const std::vector<Sample>& samples, std::int64_t (*figure)(const Sample&)) {
  const auto count = static_cast<double>(samples.size());
  if (samples.size() < 3) return {};
  double mean_x = 0, mean_y = 0;
  for (const auto& sample : samples) {
    mean_x += sample.seconds / count;
    mean_y += static_cast<double>(figure(sample)) / count;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const auto& sample : samples) {
    const double x = sample.seconds - mean_x, y = static_cast<double>(figure(sample)) - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx <= 0) return {};
  const double slope = xy / xx, error = std::sqrt(std::max(0.0, yy - slope * xy) / (count - 2) / xx);
  constexpr double kHour = 3600;
  return {slope * kHour, 2 * error * kHour};
}

std::int64_t least(const std::vector<Sample>& samples, std::int64_t (*figure)(const Sample&)) {
  std::int64_t least = samples.empty() ? 0 : figure(samples.front());
  for (const auto& sample : samples) least = std::min(least, figure(sample));
  return least;
}

} // namespace plugboard::bench
