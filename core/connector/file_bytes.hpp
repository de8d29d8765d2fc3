// A whole file as bytes, never more than asked for. [any thread that may block]
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <string>

namespace plugboard::connector {

// Error: not_found, denied, io or too_large, with the path and what to do. A folder or a device is refused.
Result<std::string> read_file_bytes(const std::string& path, std::size_t most_bytes);

} // namespace plugboard::connector
