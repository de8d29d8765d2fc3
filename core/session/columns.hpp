// How our values stand in columns: times as nanoseconds since 1970, or on a run's steady clock. [values]
#pragma once

#include "core/base/clock.hpp"
#include "core/store/database.hpp"

#include <cstdint>

namespace plugboard::session {

inline std::int64_t nanoseconds(WallTime time) {
  return time.time_since_epoch().count();
}

inline std::int64_t nanoseconds(Instant time) {
  return time.time_since_epoch().count();
}

inline WallTime wall_time(std::int64_t stored) {
  return WallTime(Duration(stored));
}

inline Instant instant(std::int64_t stored) {
  return Instant(Duration(stored));
}

// For a statement that is stepped once and yields nothing.
inline Result<void> run(store::Statement& statement) {
  const auto stepped = statement.step();
  if (!stepped) return stepped.error();
  return {};
}

} // namespace plugboard::session
