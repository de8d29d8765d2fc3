// A worker's granted tcp: servers: for each a listener on the worker's own loopback, which its launcher made, and a
// tunnel from there. Owned by the worker's keeper. [the home's thread]
#pragma once

#include "core/connector/tunnel.hpp"
#include "core/wire/messages.hpp"

#include <memory>
#include <string>
#include <vector>

namespace plugboard::connector {

class WorkerTunnels {
 public:
  WorkerTunnels(const TcpGrants& grants, Home& home, HostLog& log, Metrics& metrics, std::string_view connector);

  std::vector<std::uint16_t> ports() const; // of the listeners that the launcher shall make

  // listeners: as the launcher sent them, taken over. Error: fewer than were asked for, or the system's.
  Result<void> open(const std::vector<int>& listeners);
  void close();

  void set_up(wire::Setup& setup) const; // where the worker finds them; as long as this lives

 private:
  const TcpGrants& grants_;
  Home& home_;
  HostLog& log_;
  TunnelCounters counters_;
  std::vector<std::string> addresses_; // in the worker, by server
  std::vector<std::unique_ptr<Tunnel>> tunnels_;
};

} // namespace plugboard::connector
