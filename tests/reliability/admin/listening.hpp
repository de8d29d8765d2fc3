// Where a process of this machine can be reached, by what the kernel says. [any thread]
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace plugboard::test {

// Addresses of its listening TCP sockets, IPv4 and IPv6: "127.0.0.1:8710", "[::1]:8711".
std::vector<std::string> listening_at(pid_t pid);

} // namespace plugboard::test
