// How often one connector may ask one upstream: a token bucket, and the pauses that the upstream asked for. One a hub,
// for all threads; a call that comes too early is refused, with when to come again, and never queued. Owned by the
// connector's HostHttp. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/rate.hpp"

#include <atomic>

namespace plugboard::connector {

class Throttle {
 public:
  static constexpr Duration kLongestPause = std::chrono::minutes(5); // a system's mistake must not silence it for a day

  explicit Throttle(const Rate& rate);
  Throttle(const Throttle&) = delete;
  Throttle& operator=(const Throttle&) = delete;

  Duration enter(Instant now);            // 0: go on, and it counts; else come again after so long
  void pause(Instant now, Duration time); // never shortens one under way

 private:
  const Duration gap_;   // between two, on average; 0: no limit
  const Duration ahead_; // how far the bucket's time may be ahead of now
  std::atomic<Instant::rep> next_{Instant::min().time_since_epoch().count()};   // when the bucket would be full
  std::atomic<Instant::rep> paused_{Instant::min().time_since_epoch().count()}; // until then
};

} // namespace plugboard::connector
