// Runs what may crash, hang or leak in a process of its own, which is a copy of this one. [one thread, no other runs]
#pragma once

#include "core/base/clock.hpp"
#include "core/conformance/rules.hpp"

#include <functional>

namespace plugboard::conformance {

// What `body` finds. That it crashed, or did not come to an end within `patience`, is a finding, too: process.survives.
void run_apart(const std::function<void(Findings&)>& body, Duration patience, const Clock& clock, Findings& findings);

} // namespace plugboard::conformance
