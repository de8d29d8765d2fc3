// For the few steps that must not be left out for want of memory: the wait without which a listener is deaf, the answer
// without which somebody waits for ever. Tries again until there is memory; nothing else could be done without it.
// [any thread; it waits]
#pragma once

#include <chrono>
#include <new>
#include <thread>

namespace plugboard {

// step: changes nothing when it throws.
template <class Step>
void insist(Step&& step) {
  for (;;) {
    try {
      return step();
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

} // namespace plugboard
