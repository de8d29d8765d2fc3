// walls.txt: which layers are to refuse an attempt, on this machine, for this user. Values.
#pragma once

#include "tests/reliability/jailbreak/walk.hpp"

#include <map>
#include <string>

namespace plugboard::jailbreak {

struct Rule {
  LayerSet refused_by;     // each of them alone
  bool by_nothing = false; // it does not get through in any case
};

using Rulebook = std::map<std::string, Rule>; // by attempt

Rulebook read_rulebook(); // throws when a line of it cannot be understood

// What this walk met that is not as the rules have it, a line each.
std::string faults(const Rulebook& rules, const Walk& walk);

// What got through though there was a wall, or whether there was any or not: none may at all.
std::string escapes(const Walk& walk);

} // namespace plugboard::jailbreak
