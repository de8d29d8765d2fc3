#include "core/session/client_use.hpp"

#include <algorithm>

namespace plugboard::session {

namespace {

constexpr double kSecond = 1e9;
constexpr double kLongestGap = 3600 * kSecond;
constexpr Duration kDay = std::chrono::hours(24);
constexpr unsigned kCountBits = 40;
constexpr std::uint64_t kLargestCount = (std::uint64_t{1} << kCountBits) - 1;

struct Pace {
  explicit Pace(const connector::Rate& rate)
      : gap(static_cast<Duration::rep>(std::min(kSecond / rate.per_second, kLongestGap))),
        burst(static_cast<std::int64_t>(connector::burst_of(rate))) {}

  Duration::rep gap; // between two, on average
  std::int64_t burst;
};

Instant::rep count(Instant at) {
  return at.time_since_epoch().count();
}

std::uint64_t packed(DayUse use) {
  return static_cast<std::uint64_t>(use.day) << kCountBits |
         std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(0, use.used)), kLargestCount);
}

DayUse unpacked(std::uint64_t packed) {
  return {static_cast<std::int64_t>(packed >> kCountBits), static_cast<std::int64_t>(packed & kLargestCount)};
}

} // namespace

Taken Bucket::take(const connector::Rate& rate, Instant now) {
  if (rate.per_second <= 0) return {};
  const Pace pace(rate);
  const Duration whole(pace.burst * pace.gap);
  auto next = next_.load(std::memory_order_relaxed);
  for (;;) {
    // What was taken under a slower rate, before a reload, weighs no more than a whole bucket does now.
    if (const auto empty = count(now) + whole.count(); next > empty) {
      if (next_.compare_exchange_weak(next, empty, std::memory_order_relaxed)) next = empty;
      continue;
    }
    const auto from = std::max(next, count(now));
    const auto ahead = from - count(now); // of what the bucket holds, this much is gone
    if (const auto room = (pace.burst - 1) * pace.gap; ahead > room)
      return {false, pace.burst, 0, whole, Duration(ahead - room)};
    if (next_.compare_exchange_weak(next, from + pace.gap, std::memory_order_relaxed)) {
      const auto gone = ahead + pace.gap;
      return {true, pace.burst, pace.burst - (gone + pace.gap - 1) / pace.gap, whole, Duration(gone)};
    }
  }
}

void Bucket::charge(const connector::Rate& rate, Instant now) {
  if (rate.per_second <= 0) return;
  auto next = next_.load(std::memory_order_relaxed);
  while (!next_.compare_exchange_weak(next, std::max(next, count(now)) + Pace(rate).gap, std::memory_order_relaxed)) {}
}

bool Bucket::is_empty(const connector::Rate& rate, Instant now) const {
  if (rate.per_second <= 0) return false;
  const Pace pace(rate);
  return next_.load(std::memory_order_relaxed) > count(now) + (pace.burst - 1) * pace.gap;
}

Taken DayCount::take(std::int64_t most, WallTime now) {
  if (most <= 0) return {};
  const auto today = day_of(now);
  const Duration again = Duration((today + 1) * kDay.count()) - now.time_since_epoch();
  auto known = packed_.load(std::memory_order_relaxed);
  for (;;) {
    auto use = unpacked(known);
    if (use.day < today) use = {today, 0};
    if (use.used >= most) return {false, most, 0, kDay, again};
    ++use.used;
    if (packed_.compare_exchange_weak(known, packed(use), std::memory_order_relaxed))
      return {true, most, most - use.used, kDay, again};
  }
}

DayUse DayCount::use() const {
  return unpacked(packed_.load(std::memory_order_relaxed));
}

void DayCount::restore(DayUse use) {
  packed_.store(packed(use), std::memory_order_relaxed);
}

std::int64_t day_of(WallTime time) {
  return std::max<std::int64_t>(0, time.time_since_epoch() / kDay);
}

} // namespace plugboard::session
