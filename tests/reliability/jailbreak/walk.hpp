// One walk of the probe through all of its attempts, in a worker with some walls and without others. Values.
#pragma once

#include "core/wire/launch.hpp"

#include <map>
#include <set>
#include <string>

namespace plugboard::jailbreak {

using LayerSet = std::set<wire::Layer>;

LayerSet all_layers();
std::string names_of(const LayerSet& layers);

struct Walk {
  LayerSet present;               // as the worker says
  std::map<std::string, int> met; // by attempt: an errno; 0: it got through
  std::string fault;              // not empty: there was no walk, and why
};

// without: the layers that the operator leaves out. As root with `user` left out the worker stays of our own user, so
// that nothing but the other layers refuses.
Walk walk(const LayerSet& without);

} // namespace plugboard::jailbreak
