// plugboard.host.tcp/1 in a worker: where, on the worker's own loopback, a granted server is reached. [any thread]
#pragma once

#include "core/wire/messages.hpp"

#include <string>
#include <vector>

namespace plugboard::worker {

class GrantedTunnels {
 public:
  using Receive = void (*)(void* user, plugboard_str address, std::uint16_t port);

  explicit GrantedTunnels(const wire::Setup& setup);

  // name: as the plugin has it: in any case, IPv6 with brackets or without.
  std::int32_t locate(std::string_view name, std::uint16_t port, void* user, Receive receive) const;

 private:
  struct Server {
    std::string host;
    std::uint16_t port = 0;
    std::string local_address;
    std::uint16_t local_port = 0;
  };

  std::vector<Server> servers_;
};

} // namespace plugboard::worker
