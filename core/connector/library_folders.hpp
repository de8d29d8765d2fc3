// Where a worker's sandbox shows libraries: the distribution's, and what the machine's administrator put beside them.
#pragma once

#include <array>

namespace plugboard::connector {

inline constexpr std::array kLibraryFolders{"/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib",
                                            "/lib",     "/lib32",     "/lib64"};

} // namespace plugboard::connector
