// A context explained, as a person reads it in a terminal of eighty columns: the plan as a graph, then each section's
// time within the whole and what happened to it on the way. Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/json/reader.hpp"

#include <string>

namespace plugboard::cli {

std::string view_explanation(json::Value explanation, const Terminal& terminal);

} // namespace plugboard::cli
