// plugboard.host.tcp/1 for a plugin in this process: where its granted servers are, as the hub looked their names up
// and judged their addresses. [any thread, but where it says so]
#pragma once

#include "core/connector/home.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/tcp_grants.hpp"
#include "core/http/reach.hpp"

#include <plugboard/host_tcp.h>

#include <memory>
#include <vector>

namespace plugboard::connector {

class HostTcp {
 public:
  // grants outlive it. homes: the connector's; the first one's resolver is asked.
  HostTcp(const TcpGrants& grants, std::vector<Home*> homes, HostLog& log);

  using Receive = void (*)(void* user, plugboard_str address, std::uint16_t port);
  std::int32_t locate(plugboard_str name, std::uint16_t port, void* user, Receive receive); // not a home's thread

  void stop(); // who waits for a name waits no more

 private:
  struct Waiting;
  Result<http::Addresses> look_up(const std::string& host);
  Result<http::Addresses> judged(const TcpServer& server);

  const TcpGrants& grants_;
  const std::vector<Home*> homes_;
  HostLog& log_;
  const std::shared_ptr<Waiting> waiting_; // shared with what was asked of the resolver
};

} // namespace plugboard::connector
