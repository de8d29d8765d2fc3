// An absolute moment by which something must be over. Passed down by value; each floor may only shorten it.
#pragma once

#include "core/base/clock.hpp"

#include <algorithm>

namespace plugboard {

class Deadline {
 public:
  explicit constexpr Deadline(Instant at) : at_(at) {}

  static Deadline after(Instant now, Duration left) { // a `left` beyond the end of time is never
    return left > Instant::max() - now ? never() : Deadline(now + left);
  }

  static constexpr Deadline never() { return Deadline(Instant::max()); }

  constexpr Instant at() const { return at_; }

  Deadline no_later_than(Instant other) const { return Deadline(std::min(at_, other)); }

  Duration left(Instant now) const { return std::max(at_ - now, Duration::zero()); }

  bool passed(Instant now) const { return now >= at_; }

 private:
  Instant at_;
};

} // namespace plugboard
