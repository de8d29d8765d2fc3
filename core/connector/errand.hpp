// Something that a plugin asked of the hub and that ends elsewhere: on the disk, at an identity provider. Moves from
// the thread that asked to the home of its call; the plugin is told exactly once, there.
#pragma once

#include <cstdint>
#include <functional>

namespace plugboard::connector {

struct Errand {
  // How it ends: tell() speaks to the plugin, on the home's thread. [any thread, once; later ones are dropped]
  using Finish = std::function<void(std::function<void()> tell)>;

  std::uint64_t call = 0;                           // on whose behalf; 0: the plugin's own business
  std::function<void(const Finish&)> run;           // begins it [the home's thread]
  std::function<void(std::int32_t outcome)> refuse; // tells the plugin that it came to nothing: PLUGBOARD_CANCELLED, …
};

struct ErrandOver {
  std::uint64_t errand = 0; // the home's number for it
  std::function<void()> tell;
};

} // namespace plugboard::connector
