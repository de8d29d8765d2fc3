// The daemon's way to files: whole, bounded, with a reason that names the file. [the daemon's own thread]
#pragma once

#include "core/base/result.hpp"

#include <string>

namespace plugboard::daemon {

Result<std::string> read_file(const std::string& path, std::size_t most_bytes = 4 << 20);

} // namespace plugboard::daemon
