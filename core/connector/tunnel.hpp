// The hub's end of a worker's granted tcp:HOST:PORT. Takes connections from a listener that stands in the worker's own
// network namespace, opens one to the server for each, to an address that the hub has looked up and judged, and carries
// bytes between the two: TLS stays between plugin and server. Owned by the worker's runner, lives on one home.
// [made and destroyed: by the home's thread, or one that is no home's]
#pragma once

#include "core/base/metrics.hpp"
#include "core/base/result.hpp"
#include "core/connector/home.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/tcp_grants.hpp"

#include <memory>

namespace plugboard::connector {

struct TunnelCounters { // of one connector: what became of the connections that its plugin opened
  TunnelCounters(Metrics& metrics, std::string_view connector);

  Counter& carried;
  Counter& unreachable;
  Counter& denied;   // the server's address is one that the hub refuses
  Counter& too_many; // of kMostConnections
};

class Tunnel {
 public:
  static constexpr std::size_t kMostConnections = 64; // at once; what comes then is closed

  struct Parts {
    Home& home;
    TcpServer server;
    HostLog& log;
    TunnelCounters& counters;
  };

  // listener: a listening socket, which is taken over whatever happens. Error: io.
  static Result<std::unique_ptr<Tunnel>> open(Parts parts, int listener);
  ~Tunnel(); // its connections are cut
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

 private:
  class Mouth;
  Tunnel(Home& home, std::shared_ptr<Mouth> mouth);

  Home& home_;
  std::shared_ptr<Mouth> mouth_; // [the home's thread]
};

} // namespace plugboard::connector
