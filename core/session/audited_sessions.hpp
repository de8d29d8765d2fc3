// Sessions of which each change is on record before anybody can see it: a token, a code is handed out when the record
// is on the disk, and not at all when it can't be kept. A revocation counts at once, whatever becomes of its record.
// [as Sessions]
#pragma once

#include "core/audit/trail.hpp"
#include "core/session/sessions.hpp"

#include <memory>

namespace plugboard::session {

// Errors beside the sessions' own: the trail's, whose origin is "audit". trail and clock outlive it.
std::unique_ptr<Sessions> audited(std::unique_ptr<Sessions> sessions, audit::Trail& trail, const Clock& clock);

} // namespace plugboard::session
