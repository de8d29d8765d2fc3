// Requests changed at random in what frames them, each by steps of which we know whether the hub must still take the
// request or refuse it. [one thread]
#pragma once

#include <random>
#include <string>
#include <vector>

namespace plugboard::test {

struct Mutant {
  std::string what;  // the steps, for people
  std::string bytes; // one request; its body may hold another one, which nobody may ever read as such
  bool taken = true; // as one request; else it is refused
};

// mark: of this request, for its answer; smuggled: of the one in its body.
Mutant make_mutant(std::mt19937_64& random, const std::string& mark, const std::string& smuggled);

// The bytes in pieces, cut at random places.
std::vector<std::string> cut_at_random(std::mt19937_64& random, const std::string& bytes);

} // namespace plugboard::test
