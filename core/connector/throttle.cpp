#include "core/connector/throttle.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

constexpr double kSecond = 1e9;
constexpr double kLongest = 3600 * kSecond; // between two

Duration gap_of(const Rate& rate) {
  return rate.per_second <= 0 ? Duration::zero()
                              : Duration(static_cast<Duration::rep>(std::min(kSecond / rate.per_second, kLongest)));
}

Instant::rep count(Instant at) {
  return at.time_since_epoch().count();
}

} // namespace

Throttle::Throttle(const Rate& rate)
    : gap_(gap_of(rate)), ahead_(static_cast<Duration::rep>((burst_of(rate) - 1) * static_cast<double>(gap_.count()))) {
}

Duration Throttle::enter(Instant now) {
  const auto paused = paused_.load(std::memory_order_relaxed);
  if (paused > count(now)) return Duration(paused - count(now));
  if (gap_ == Duration::zero()) return Duration::zero();
  auto next = next_.load(std::memory_order_relaxed);
  for (;;) {
    const auto from = std::max(next, count(now));
    if (from - count(now) > ahead_.count()) return Duration(from - count(now)) - ahead_;
    if (next_.compare_exchange_weak(next, from + gap_.count(), std::memory_order_relaxed)) return Duration::zero();
  }
}

void Throttle::pause(Instant now, Duration time) {
  const auto until = count(now + std::min(time, kLongestPause));
  auto before = paused_.load(std::memory_order_relaxed);
  while (before < until && !paused_.compare_exchange_weak(before, until, std::memory_order_relaxed)) {}
}

} // namespace plugboard::connector
