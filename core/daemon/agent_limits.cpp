#include "core/daemon/agent_limits.hpp"

#include "core/http/crowd.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace plugboard::daemon {

std::uint64_t descriptors() {
  rlimit files{};
  return ::getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 1024;
}

http::ServerLimits agent_limits(http::ServerLimits wished, std::uint64_t descriptors, Log& log) {
  const auto most = std::max<std::uint64_t>(1, descriptors / 4 * 3);
  if (wished.connections > most) {
    log.warn("agents.fewer_connections",
             {{"wished", static_cast<std::int64_t>(wished.connections)},
              {"connections", static_cast<std::int64_t>(most)},
              {"descriptors", static_cast<std::int64_t>(descriptors)},
              {"message", "a quarter of the descriptors is kept for other things; raise LimitNOFILE, or lower "
                          "/agents/limits/connections"}});
    wished.connections = static_cast<std::size_t>(most);
  }
  wished.crowd = std::make_shared<http::Crowd>(wished.connections, wished.connections_per_address);
  return wished;
}

} // namespace plugboard::daemon
