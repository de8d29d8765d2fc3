#include "core/worker/granted_tunnels.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/abi_text.hpp"

#include <algorithm>

namespace plugboard::worker {
namespace {

std::string plain(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

} // namespace

GrantedTunnels::GrantedTunnels(const wire::Setup& setup) {
  for (const wire::GrantedTunnel& granted : setup.tunnels)
    servers_.push_back(
        {std::string(granted.host), granted.port, std::string(granted.local_address), granted.local_port});
}

std::int32_t GrantedTunnels::locate(std::string_view name, std::uint16_t port, void* user, Receive receive) const {
  if (receive == nullptr || name.empty() || port == 0) return PLUGBOARD_FAILED;
  const auto server = std::find_if(servers_.begin(), servers_.end(), [&, host = plain(name)](const Server& one) {
    return one.port == port && one.host == host;
  });
  if (server == servers_.end()) return PLUGBOARD_EGRESS_DENIED;
  const auto tell = [&] { receive(user, wire::str(server->local_address), server->local_port); };
  return connector::guarded(tell) ? PLUGBOARD_OK : PLUGBOARD_INTERNAL;
}

} // namespace plugboard::worker
