// What a JSON text from outside may be at most. Everything over it is refused before anything is built of it.
#pragma once

#include <cstddef>

namespace plugboard::json {

struct Limits {
  std::size_t bytes = 1 << 20;
  std::size_t depth = 64;        // nested arrays and objects
  std::size_t members = 100'000; // members and elements, all levels together
};

} // namespace plugboard::json
