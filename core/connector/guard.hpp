// The root of every call into a plugin's code. Its own wrapper lets nothing through, but a plugin need not use it: what
// it throws all the same ends here and becomes "false", on whichever thread of the hub that was. [any thread]
#pragma once

#include <utility>

namespace plugboard::connector {

template <class F>
[[nodiscard]] bool guarded(F&& into_the_plugin) noexcept {
  try {
    std::forward<F>(into_the_plugin)();
    return true;
  } catch (...) { // the object may have a destructor in the library, which stays mapped
    return false;
  }
}

} // namespace plugboard::connector
