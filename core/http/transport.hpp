// Moves the bytes of one connection, a client's or a server's, in the clear or under TLS, without ever blocking. What
// it answers says which readiness of the socket to wait for. Owned by its carrier or connection. [their thread]
#pragma once

#include "core/base/certificate.hpp"
#include "core/http/protocol.hpp"
#include "core/http/socket.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace plugboard::http {

struct Greeting { // what a server learned by the handshake
  bool resumed = false;
  bool clear_text = false;                               // it failed as the client spoke HTTP without TLS
  std::shared_ptr<const CertificateNames> certificate{}; // the client's, verified
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual Moved greet() = 0; // the handshake; Io::moved when it is through

  virtual Protocol protocol() const { return Protocol::http_1_1; } // as the handshake agreed

  virtual Moved read(std::span<char> into) = 0;
  virtual Moved write(std::string_view bytes) = 0;

  virtual Greeting greeting() const { return {}; }

  virtual bool still_welcome() { return true; } // a server asks at each request: who is let in may have changed

  virtual void farewell() {} // nothing more will be written: says so inside of what it carries, where that is said

  virtual bool holds_bytes() const = 0;      // taken from the socket, not yet read
  virtual std::string complaint() const = 0; // after failed: why, for people
  virtual Socket& socket() = 0;
};

std::unique_ptr<Transport> plain_transport(Socket socket, Protocol spoken = Protocol::http_1_1);

} // namespace plugboard::http
