#include "core/worker/confine.hpp"

#include "core/worker/landlock.hpp"
#include "core/worker/layers.hpp"
#include "core/worker/resource_limits.hpp"
#include "core/worker/system_calls.hpp"

#include <sys/prctl.h>

#include <algorithm>

namespace plugboard::worker {
namespace {

constexpr std::string_view kNeedsNoNewPrivs = "the kernel allows it only together with no_new_privs";

std::string no_new_privs() {
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? "" : failed("prctl(PR_SET_NO_NEW_PRIVS)");
}

} // namespace

std::vector<wire::LayerState> confine(const Confinement& confinement) {
  using wire::Layer;
  Layers layers(confinement.without);
#ifndef PLUGBOARD_SANITIZED             // LeakSanitizer traces its own process
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // not for others of the same user to look into
#endif
  if (layers.wanted(Layer::rlimits)) layers.note(Layer::rlimits, limit_resources(confinement));
  if (layers.wanted(Layer::no_new_privs)) layers.note(Layer::no_new_privs, no_new_privs());
  const bool no_privileges = layers.present(Layer::no_new_privs);
  const auto apply = [&](Layer layer, auto&& wall) {
    if (layers.wanted(layer)) layers.note(layer, no_privileges ? wall(confinement) : std::string(kNeedsNoNewPrivs));
  };
  apply(Layer::landlock, restrict_files);
  apply(Layer::seccomp, restrict_system_calls); // last: it would refuse the others
  auto states = layers.states();
  std::sort(states.begin(), states.end(), [](const auto& one, const auto& other) { return one.layer < other.layer; });
  return states;
}

} // namespace plugboard::worker
