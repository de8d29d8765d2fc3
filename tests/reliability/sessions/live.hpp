// A revocation as the real daemon does it: how long until a context that is under way is given up.
#pragma once

#include "tests/reliability/promise.hpp"

namespace plugboard::test {

// Asks systems that never answer, ends the sessions, and fails the showing unless half of the contexts are given up
// within 50 ms of the call that ended them. For people: what was seen.
std::string show_live(Showing& showing);

} // namespace plugboard::test
