#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <tuple>

namespace plugboard::test {

// What is to happen in a simulated world, and when; the soonest is the greatest, as std::priority_queue wants it.
template <class Kind>
struct Event {
  Instant at;
  std::uint64_t order; // ties break by seed
  Kind kind;
  std::size_t which = 0;

  bool operator<(const Event& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
};

} // namespace plugboard::test
