// What the launcher puts around a worker before there is one: namespaces, a root and a user of its own, its cgroup. It
// stands within them itself from then on, with no rights left. [the launcher's thread]
#pragma once

#include "core/worker/confine.hpp"
#include "core/worker/descriptor.hpp"
#include "core/worker/layers.hpp"

#include <string>
#include <vector>

namespace plugboard::worker {

struct Walls {
  Layers layers;
  std::vector<Descriptor> listeners; // in the order of Launch::tunnels; none without a network of its own
  Confinement inside;                // what is left for the worker to do
  std::string refused;               // not empty: there can be no worker, and why
};

// plugin: the descriptor of its bytes.
Walls build_walls(const wire::Launch& launch, int plugin);

} // namespace plugboard::worker
