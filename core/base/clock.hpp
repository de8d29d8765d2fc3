// The only way to know the time below daemon/. Injected, so that tests and simulations own it. [any thread]
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace plugboard {

using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::time_point<std::chrono::steady_clock, Duration>;  // never jumps; deadlines, ages
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>; // may jump; what people and records see

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual WallTime wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  WallTime wall() const override;
};

// Moves only when told. Starts an hour after boot, at 2026-01-01T00:00:00Z. [any thread: both counters are atomic]
class FakeClock final : public Clock {
 public:
  FakeClock() = default;
  FakeClock(const FakeClock&) = delete;
  FakeClock& operator=(const FakeClock&) = delete;

  Instant now() const override;
  WallTime wall() const override;
  void advance(Duration by);   // both clocks
  void jump_wall(Duration by); // only the wall, as NTP or an administrator would

 private:
  std::atomic<Duration::rep> now_{3'600'000'000'000};
  std::atomic<Duration::rep> wall_{1'767'225'600'000'000'000};
};

std::string rfc3339(WallTime time);                    // "2026-11-22T04:31:15.123Z", UTC, milliseconds
Result<WallTime> parse_rfc3339(std::string_view text); // any offset; a missing offset is an error
double milliseconds(Duration duration);

} // namespace plugboard
