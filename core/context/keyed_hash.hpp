// A quick hash under a secret seed, so that nobody outside can make many keys meet in one place. For tables only: what
// is found by it is compared all the same. [a value]
#pragma once

#include <cstdint>
#include <string_view>

namespace plugboard::context {

class KeyedHash {
 public:
  explicit KeyedHash(std::uint64_t seed) : state_(seed) {}

  KeyedHash& add(std::uint64_t word);
  KeyedHash& add(std::string_view text); // its length counts, too

  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_;
};

} // namespace plugboard::context
