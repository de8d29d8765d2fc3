#include "tests/reliability/admin/timing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plugboard::test {

namespace {

struct Moments { // of the samples that are not above a limit

  Moments(const std::vector<double>& samples, double limit) {
    for (const double sample : samples) {
      if (sample > limit) continue;
      ++count;
      const double off = sample - mean;
      mean += off / count;
      squares += off * (sample - mean);
    }
  }

  double error() const { return squares / (count - 1) / count; } // of the mean, squared

  double count = 0, mean = 0, squares = 0;
};

double welch(const std::vector<double>& a, const std::vector<double>& b, double limit) {
  const Moments of_a(a, limit), of_b(b, limit);
  if (of_a.count < 2 || of_b.count < 2) return 0;
  const double error = std::sqrt(of_a.error() + of_b.error());
  return error > 0 ? std::abs(of_a.mean - of_b.mean) / error : 0;
}

} // namespace

double most_telling_t(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all(a);
  all.insert(all.end(), b.begin(), b.end());
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  double most = welch(a, b, std::numeric_limits<double>::infinity());
  for (const double part : {0.5, 0.75, 0.9, 0.99})
    most = std::max(most, welch(a, b, all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))]));
  return most;
}

} // namespace plugboard::test
