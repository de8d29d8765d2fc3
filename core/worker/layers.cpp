#include "core/worker/layers.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plugboard::worker {

std::string failed(std::string_view what) {
  const char* const text = ::strerrordesc_np(errno);
  return std::string(what) + ": " + (text != nullptr ? text : "unknown error");
}

bool Layers::wanted(wire::Layer layer) {
  if (std::find(without_.begin(), without_.end(), layer) == without_.end()) return true;
  note(layer, "left out by the configuration");
  return false;
}

void Layers::note(wire::Layer layer, std::string why_not) {
  const bool stands = why_not.empty();
  states_.push_back({layer, stands, std::move(why_not)});
}

bool Layers::present(wire::Layer layer) const {
  return std::any_of(states_.begin(), states_.end(),
                     [&](const wire::LayerState& state) { return state.layer == layer && state.present; });
}

} // namespace plugboard::worker
