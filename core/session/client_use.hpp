// What one client has used of what it may: a token bucket and the day's contexts, one of each in a hub, whichever
// thread serves. No lock: each is one atomic number. Limits come with each look, so that a new configuration counts at
// once. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/rate.hpp"

#include <atomic>
#include <cstdint>

namespace plugboard::session {

struct Taken {
  bool allowed = true;
  std::int64_t most = 0, left = 0; // of a whole bucket, of a day; 0: there is no limit
  Duration whole{};                // in which that many come back
  Duration again{};                // until all are back; when it was refused: until there is one
};

class Bucket {
 public:
  Taken take(const connector::Rate& rate, Instant now);
  void charge(const connector::Rate& rate, Instant now); // takes what may not be there: then it is owed
  bool is_empty(const connector::Rate& rate, Instant now) const;

 private:
  std::atomic<Instant::rep> next_{Instant::min().time_since_epoch().count()}; // when it would be full
};

struct DayUse {
  std::int64_t day = 0; // since 1970, UTC
  std::int64_t used = 0;
  friend bool operator==(const DayUse&, const DayUse&) = default;
};

class DayCount {
 public:
  // A clock that goes back a day gives nothing back.
  Taken take(std::int64_t most, WallTime now);
  DayUse use() const;
  void restore(DayUse use); // as it was before this process

 private:
  std::atomic<std::uint64_t> packed_{0}; // the day, then 40 bits of how many
};

std::int64_t day_of(WallTime time);

struct ClientUse {
  Bucket requests;
  Bucket unknown_tokens; // sessions asked for that are none
  DayCount contexts;
};

} // namespace plugboard::session
