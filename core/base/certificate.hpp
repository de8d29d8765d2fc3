// What a client's certificate says of its owner, once its chain has been verified.
// A value, without any library's types.
#pragma once

#include "core/base/clock.hpp"

#include <string>
#include <vector>

namespace plugboard {

struct CertificateNames {
  std::string sha256;            // of the whole certificate: 64 hex digits, lower case
  std::string subject;           // as RFC 4514 writes it: "CN=desk,O=Shop"
  std::vector<std::string> dns;  // subject alternative names, lower case
  std::vector<std::string> uris; // as they stand there
  WallTime not_after{};
};

} // namespace plugboard
