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

inline bool is_over(const Authentication& proof, Moment now) {
  return now.wall >= proof.expires_at || now.steady >= proof.ends;
}

// Of those that came after the login, which ends with the session.
bool has_ended_proof(const Session& session, Moment now);
void drop_ended_proofs(Session& session, Moment now);

} // namespace plugboard::session
