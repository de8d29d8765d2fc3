// A hand laid on each record of a chain, one after the other: does the verifier say so? [one thread]
#pragma once

#include "tests/reliability/promise.hpp"

namespace plugboard::test {

// Of a chain of so many records. What was seen, for people.
std::string tamper_with_each(Showing& showing, int records);

} // namespace plugboard::test
