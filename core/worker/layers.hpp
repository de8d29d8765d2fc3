// Which walls stand and which do not, and why not, as they are told to the hub. What the operator leaves out is never
// tried. [one thread; values]
#pragma once

#include "core/wire/launch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::worker {

// "unshare(CLONE_NEWNET): Operation not permitted", from errno as it stands.
std::string failed(std::string_view what);

class Layers {
 public:
  explicit Layers(std::vector<wire::Layer> without) : without_(std::move(without)) {}

  // False, and the layer is noted as missing: the operator leaves it out.
  bool wanted(wire::Layer layer);

  void note(wire::Layer layer, std::string why_not); // why_not: empty when the layer stands

  bool present(wire::Layer layer) const;

  const std::vector<wire::LayerState>& states() const { return states_; }

 private:
  const std::vector<wire::Layer> without_;
  std::vector<wire::LayerState> states_;
};

} // namespace plugboard::worker
