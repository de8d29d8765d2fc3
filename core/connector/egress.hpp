// Which addresses a connector may reach: what its manifest wishes and its configuration grants, and nothing else.
// Immutable. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/client.hpp"

#include <string>
#include <vector>

namespace plugboard::connector {

class Egress {
 public:
  // grants: "https:HOST", "https:HOST:PORT", "http:HOST", "http:HOST:PORT", "tcp:HOST:PORT" (which no HTTP uses).
  // Error: invalid_argument, naming the grant that is none.
  static Result<Egress> make(const std::vector<std::string>& grants);

  bool allows(const http::Origin& origin) const;

 private:
  std::vector<http::Origin> origins_;
};

} // namespace plugboard::connector
