// A context as a person reads it: the customer, the sections with status, reason, age and time, the fan-out as a
// waterfall, then the data. Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/json/reader.hpp"

#include <string>

namespace plugboard::cli {

std::string view_customer(json::Value customer, const Terminal& terminal);
std::string view_context(json::Value context, const Terminal& terminal, bool with_data);

} // namespace plugboard::cli
