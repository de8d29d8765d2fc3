// What every context answer must say of every section, whoever asked: where it comes from, by which plugin and version,
// how fresh it is, and how it ended in the contract's closed words. Connection holds each answer that it reads against
// it, so that no test can get one that does not. Pure.
#pragma once

#include "tests/support/json.hpp"

#include <string>

namespace plugboard::test {

std::string provenance_faults(const Json& context); // "": none

} // namespace plugboard::test
