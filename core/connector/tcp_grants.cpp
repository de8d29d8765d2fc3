#include "core/connector/tcp_grants.hpp"

#include "core/http/url.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

std::string bracketed(std::string_view host) {
  const bool bare_v6 = host.find(':') != host.npos && !host.starts_with('[');
  return bare_v6 ? "[" + std::string(host) + "]" : std::string(host);
}

} // namespace

std::string name_of(const TcpServer& server) {
  return "tcp:" + bracketed(server.host) + ":" + std::to_string(server.port);
}

TcpGrants::TcpGrants(const Egress& egress) {
  for (const Egress::Place& place : egress.places())
    if (place.tcp && !find(place.origin.host, place.origin.port))
      servers_.push_back({place.origin.host, place.origin.port, place.reach});
}

// The URL parser knows what a host is, how it is spelt, and how an address in brackets is.
std::optional<std::size_t> TcpGrants::find(std::string_view host, std::uint16_t port) const {
  if (host.empty() || port == 0) return std::nullopt;
  const auto url = http::parse_url("http://" + bracketed(host) + ":" + std::to_string(port) + "/");
  if (!url || url->target != "/" || url->origin.port != port) return std::nullopt;
  const auto found = std::find_if(servers_.begin(), servers_.end(), [&](const TcpServer& server) {
    return server.host == url->origin.host && server.port == port;
  });
  if (found == servers_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - servers_.begin());
}

} // namespace plugboard::connector
