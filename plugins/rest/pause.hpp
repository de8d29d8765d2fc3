// Retry-After honoured: a system that asked for a pause is not asked again until it is over. One for each connector,
// shared by all its calls. [any thread]
#pragma once

#include <plugboard/types.hpp>

#include <atomic>

namespace plugboard::rest {

class Pause {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::minutes kLongest{5}; // a system's mistake must not silence a connector for a day

  void begin(Time now, std::chrono::nanoseconds length); // never shortens one under way
  std::chrono::nanoseconds left(Time now) const;         // 0: ask

 private:
  std::atomic<std::chrono::nanoseconds::rep> until_{std::chrono::nanoseconds::min().count()};
};

// The value of Retry-After: seconds, or a time, which is read against the answer's own Date where that is given (two
// clocks seldom agree), else against `now`. Zero when it says nothing; at most a day.
std::chrono::seconds read_retry_after(std::string_view value, std::optional<std::string_view> date,
                                      std::chrono::sys_seconds now);

} // namespace plugboard::rest
