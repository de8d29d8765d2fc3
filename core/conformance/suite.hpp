// The conformance suite: a plugin is run, trial by trial, each in a process of its own, against a scripted host and
// upstream, and held to the rules of its behaviour.
#pragma once

#include "core/base/clock.hpp"
#include "core/conformance/rig.hpp"
#include "core/conformance/rules.hpp"

#include <functional>
#include <string_view>

namespace plugboard::conformance {

struct Trial {
  std::string_view name;
  std::vector<Finding> findings;
  bool made = true; // false: what it needs, an earlier one missed already
};

// One entry for each trial, in order. No other thread may run: processes are copied.
std::vector<Trial> run_suite(const Subject& subject, const Clock& clock);
// Its answers alone, of a scenario that was recorded.
Trial replay(const Subject& subject, const Clock& clock);

} // namespace plugboard::conformance
