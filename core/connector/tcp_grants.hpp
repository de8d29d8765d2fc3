// The servers that a connector was granted, "tcp:HOST:PORT": which of them a plugin means by a host and a port.
// Immutable. [any thread]
#pragma once

#include "core/connector/egress.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

struct TcpServer {
  std::string host; // name or address, lower case, IPv6 without brackets
  std::uint16_t port = 0;
  http::ReachPtr reach{}; // which of its addresses may be connected to; null: all
};

std::string name_of(const TcpServer& server); // as a grant is written: "tcp:db.example:5432", "tcp:[::1]:5432"

class TcpGrants {
 public:
  explicit TcpGrants(const Egress& egress);

  // Its place among servers(); none: not granted. IPv6 with brackets or without.
  std::optional<std::size_t> find(std::string_view host, std::uint16_t port) const;

  const std::vector<TcpServer>& servers() const { return servers_; } // in the order of the grants, each once

 private:
  std::vector<TcpServer> servers_;
};

} // namespace plugboard::connector
