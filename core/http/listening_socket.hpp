// Opens the socket that a server accepts on. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/server.hpp"

#include <sys/socket.h>

namespace plugboard::http {

struct ListeningSocket {
  int fd = -1; // non-blocking, close-on-exec; the caller's
  std::uint16_t port = 0;
};

// Error: io, with the address and what to do about it.
Result<ListeningSocket> open_listening_socket(const Endpoint& endpoint);

// Who is at the other end of an accepted connection.
Peer peer_of(int fd, const sockaddr_storage& address);

} // namespace plugboard::http
