// A context as a person reads it: the customer, the sections with status, reason, age and time, the fan-out as a
// waterfall, then the data. Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/json/reader.hpp"

#include <string>
#include <string_view>

namespace plugboard::cli {

// Pieces of it, for whoever shows sections otherwise.
std::string milliseconds_text(double ms);
Colour colour_of(std::string_view status);
std::string bar(double start, double took, double whole, std::size_t width); // ··████··
std::string outcome_text(json::Value section);                               // status, and why

std::string view_customer(json::Value customer, const Terminal& terminal);
std::string view_context(json::Value context, const Terminal& terminal, bool with_data);

} // namespace plugboard::cli
