// The listeners of the granted tcp:HOST:PORT, on the loopback of the worker's own network. [the launcher's thread]
#pragma once

#include "core/worker/descriptor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plugboard::worker {

// Wakes the loopback and listens on it. Returns why it could not be done; empty: one listener a port, in their order.
std::string open_tunnels(const std::vector<std::uint16_t>& ports, std::vector<Descriptor>& listeners);

} // namespace plugboard::worker
