// Where an upstream is, and what is asked of it. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::http {

struct Origin {
  bool tls = false;
  std::string host; // name or address, lower case, IPv6 without brackets
  std::uint16_t port = 0;
  std::string unix_path{}; // not empty: that Unix socket instead of host and port
  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Url {
  Origin origin;
  std::string target; // path and query, "/" at least
};

// Absolute http or https URL, strictly: no userinfo, no fragment, no control characters or spaces, a valid port.
Result<Url> parse_url(std::string_view text);

} // namespace plugboard::http
