// Patterns of a manifest's wishes: * stands for any characters, also none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

bool matches(std::string_view pattern, std::string_view text);
// How HTTP is spoken in the clear is between the operator and the system: who wishes for http:HOST gets h2c:HOST, too.
bool asks_for(std::string_view wish, std::string_view grant);
// The grants that some wish asks for; the others go to `unasked`.
std::vector<std::string> wished(const std::vector<std::string>& grants, const std::vector<std::string>& wishes,
                                std::vector<std::string>& unasked);

} // namespace plugboard::connector
