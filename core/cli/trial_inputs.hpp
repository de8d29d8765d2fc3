// What a section of a trial is computed from: sections of another connector's, whose system is stood in for and says
// what the scenario gives as inputs. Each such lookup has a customer of its own, so that it gets its own. Pure.
#pragma once

#include "core/conformance/scenario.hpp"
#include "core/json/writer.hpp"

#include <string>

namespace plugboard::cli {

inline constexpr const char* kTrialInputs = "plugboard_run_inputs"; // the connector that has them
inline constexpr const char* kTrialInputsPlugin = "rest";
inline constexpr const char* kTrialInputsOrigin = "https://inputs.plugboard-run.example";

bool has_inputs(const conformance::Scenario& scenario); // a section of it is computed from others

void add_inputs(conformance::Scenario& scenario); // to what is asked, and to what is stood in for

// What stands for that connector in the hub's configuration. here: its origin as it is on this machine.
void write_inputs(json::Writer& writer, const conformance::Scenario& scenario, const std::string& here);
void write_from(json::Writer& writer, const conformance::Scenario& scenario); // {INPUT: its section}

} // namespace plugboard::cli
