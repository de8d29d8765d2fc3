#include "core/connector/worker_tunnels.hpp"

#include <unistd.h>

namespace plugboard::connector {

WorkerTunnels::WorkerTunnels(const TcpGrants& grants, Home& home, HostLog& log, Metrics& metrics,
                             std::string_view connector)
    : grants_(grants), home_(home), log_(log), counters_(metrics, connector) {
  for (std::size_t i = 0; i < grants.servers().size(); ++i) addresses_.push_back(wire::tunnel_address(i));
}

std::vector<std::uint16_t> WorkerTunnels::ports() const {
  std::vector<std::uint16_t> ports;
  for (const TcpServer& server : grants_.servers()) ports.push_back(server.port);
  return ports;
}

Result<void> WorkerTunnels::open(const std::vector<int>& listeners) {
  const auto& servers = grants_.servers();
  Result<void> outcome;
  if (listeners.size() != servers.size())
    outcome = fail(Code::denied, "\"" + name_of(servers[0]) +
                                     "\" is granted, and without a network of the worker's own "
                                     "nothing can be carried there: the layer \"network\" of the sandbox is missing");
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (!outcome) {
      ::close(listeners[i]);
      continue;
    }
    auto tunnel = Tunnel::open({home_, servers[i], log_, counters_}, listeners[i]);
    if (tunnel)
      tunnels_.push_back(std::move(*tunnel));
    else
      outcome = tunnel.error();
  }
  return outcome;
}

void WorkerTunnels::close() {
  tunnels_.clear();
}

void WorkerTunnels::set_up(wire::Setup& setup) const {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const TcpServer& server = grants_.servers()[i];
    setup.tunnels.push_back({server.host, server.port, addresses_[i], server.port});
  }
}

} // namespace plugboard::connector
