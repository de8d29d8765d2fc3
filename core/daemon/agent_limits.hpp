// What the agents' listener may take of the descriptors that this process may have: upstreams, the store and plugins
// need theirs also when everybody comes at once. [any thread]
#pragma once

#include "core/base/log.hpp"
#include "core/http/server.hpp"

#include <cstdint>

namespace plugboard::daemon {

std::uint64_t descriptors(); // that this process may have open

// The limits, with one count for all servers of the listener, of no more connections than the descriptors allow; the
// log says so when that is fewer than was wished.
http::ServerLimits agent_limits(http::ServerLimits wished, std::uint64_t descriptors, Log& log);

} // namespace plugboard::daemon
