// What the admin API says of the connectors: what they are and did, and how far each is kept from the hub. Pure.
#pragma once

#include "core/api/generation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::api {

struct Contained { // one connector
  std::string_view name;
  connector::Containment containment;
};

// What an operator must not overlook. Empty: nothing.
std::string banner_of(const connector::Containment& containment);
std::string banner_of(const std::vector<Contained>& connectors);

std::string connectors_page(const Generation& generation);

} // namespace plugboard::api
