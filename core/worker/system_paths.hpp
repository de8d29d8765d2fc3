// What of the machine's files a worker may read: libraries, time zones, and what is needed to trust a TLS server. All
// of it is the distribution's and readable to everybody. Values.
#pragma once

#include "core/connector/library_folders.hpp"

#include <array>

namespace plugboard::worker {

using connector::kLibraryFolders;
inline constexpr std::array kDataFolders{"/usr/share/zoneinfo", "/etc/ssl/certs", "/usr/share/ca-certificates",
                                         "/usr/local/share/ca-certificates"};
inline constexpr std::array kDataFiles{"/etc/ld.so.cache", "/etc/ssl/openssl.cnf"};

// Where a package of ours keeps plugins: not to be read by another plugin, though they lie among the libraries.
inline constexpr std::array kHiddenFolders{"/usr/lib/plugboard", "/usr/local/lib/plugboard"};

inline constexpr const char* kNullDevice = "/dev/null";
inline constexpr const char* kPluginInRoot = "/plugin.so"; // the worker's own root is there
inline constexpr int kPluginDescriptor = 4;                // it is not
inline constexpr const char* kPluginByDescriptor = "/proc/self/fd/4";

} // namespace plugboard::worker
