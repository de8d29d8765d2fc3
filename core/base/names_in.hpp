// What lies in a folder. Instead of std::filesystem::directory_iterator, whose increment(error_code&) is noexcept and
// allocates: without memory it ends the process. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <vector>

namespace plugboard {

// Sorted, without "." and "..". Error: io, with the folder and the system's reason.
Result<std::vector<std::string>> names_in(const std::string& folder);

} // namespace plugboard
