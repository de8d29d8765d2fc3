// Now, on both clocks, and what it means for a session: the wall clock and the steady one each can end it, none can
// revive it. [values]
#pragma once

#include "core/session/session.hpp"

namespace plugboard::session {

struct Moment {
  Instant steady;
  WallTime wall;
};

inline Moment moment(const Clock& clock) {
  return {clock.now(), clock.wall()};
}

inline bool is_over(const Session& session, Moment now) {
  return now.wall >= session.expires_at || now.steady >= session.ends;
}

inline bool is_idle(const Session& session, Instant used, Moment now) {
  return now.steady - used >= session.idle_limit;
}

} // namespace plugboard::session
