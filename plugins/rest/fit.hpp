// Whether the hub would take a section made of a system's answer. Its strict reader holds every section against these
// limits; what is over them is the system's doing, and is said here, where that is still known. Pure.
#pragma once

#include "plugins/rest/json.hpp"

#include <optional>

namespace plugboard::rest {

// What is wrong, with the JSON Pointer into the section: "what was mapped to /total is …". Nothing: it fits.
std::optional<std::string> unfit(const Value& section);

} // namespace plugboard::rest
