// Reads a plugin's file as its bytes lie there, runs nothing of it, and finds all that is wrong with it: where a hub
// says the first reason for which it refuses a file, its author wants to hear every one. Pure.
#pragma once

#include "core/conformance/rules.hpp"

#include <functional>
#include <string_view>

namespace plugboard::conformance {

// Would a worker find this library, "libpq.so.5", where it may look for it?
using LibraryThere = std::function<bool(std::string_view name)>;

void check_file(std::string_view bytes, const LibraryThere& library_there, Findings& findings);

} // namespace plugboard::conformance
