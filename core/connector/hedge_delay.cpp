#include "core/connector/hedge_delay.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;

constexpr Duration kNone = std::chrono::microseconds(1);
constexpr Duration kAlwaysSlow = milliseconds(800), kNeverSlow = milliseconds(200);

// Up and down in the ratio in which values lie above and below a quantile: there it stands still. A step is a share of
// the value, so that it is right for microseconds and for seconds.
Duration step(Duration quantile, Duration took, int below_percent) {
  if (took > quantile) return quantile + quantile * below_percent / 2'000;
  return std::max(quantile - quantile * (100 - below_percent) / 2'000, kNone);
}

} // namespace

void HedgeDelay::answered(Duration took) {
  took = std::max(took, kNone);
  if (calls_ == 0) median_ = most_ = took;
  if (calls_ < kKnown) ++calls_;
  median_ = step(median_, took, 50);
  // Until enough are known the longest so far: rather too late than too often.
  most_ = calls_ < kKnown ? std::max(most_, took) : step(most_, took, 95);
}

Duration HedgeDelay::slow() const {
  if (rules_->breaker.slow > Duration::zero()) return rules_->breaker.slow;
  if (calls_ < kKnown) return std::max(kAlwaysSlow, 3 * most_);
  return std::max(3 * most_, std::clamp(10 * most_, kNeverSlow, kAlwaysSlow));
}

std::optional<Duration> HedgeDelay::wait() const {
  if (!rules_->hedge.enabled || rules_->hedge.percent == 0 || calls_ < kKnown) return std::nullopt;
  return std::max(most_, rules_->hedge.least_wait);
}

} // namespace plugboard::connector
