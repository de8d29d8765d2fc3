// What a request says in Authorization (RFC 6750). Pure.
#pragma once

#include "core/http/server.hpp"

#include <string_view>

namespace plugboard::api {

struct Bearer {
  bool said = false;
  std::string_view key; // empty when it says no key, or two: which of them counts would be a guess
};

Bearer bearer(const http::Request& request);

} // namespace plugboard::api
