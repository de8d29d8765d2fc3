// Moves the bytes of one client connection, in the clear or under TLS, without ever blocking. What it answers says
// which readiness of the socket to wait for. Owned by its line. [the client's thread]
#pragma once

#include "core/http/socket.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace plugboard::http {

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Moved greet() = 0; // the handshake; Io::moved when it is through
  virtual Moved read(std::span<char> into) = 0;
  virtual Moved write(std::string_view bytes) = 0;
  virtual bool holds_bytes() const = 0;      // taken from the socket, not yet read
  virtual std::string complaint() const = 0; // after failed: why, for people
  virtual Socket& socket() = 0;
};

std::unique_ptr<Transport> plain_transport(Socket socket);

} // namespace plugboard::http
