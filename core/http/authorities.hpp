// Whose certificates of upstreams are believed. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <string>

namespace plugboard::http {

// Whether they can be read; empty: the system's. Error: invalid_argument, with what to do.
Result<void> check_authorities(const std::string& ca_file);

} // namespace plugboard::http
