// Unique texts of 128 random bits that say whose a byte is: one for each customer, and one for each answer that a
// system gave to a call. Wherever one is found, in whole or by half, it must be in the hands of its owner. [any thread]
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plugboard::test {

class Markers {
 public:
  using Owner = std::uint64_t; // the caller's own number; 0: nobody

  explicit Markers(std::uint64_t seed) : random_(seed) {}

  std::string mint(Owner owner); // 32 hexadecimal digits
  std::size_t minted() const;

  struct Foreign {
    Owner owner = 0;
    std::string where; // for people: the place, and what stands around it
  };

  struct Seen {
    std::size_t own = 0; // whole markers of the owners allowed
    std::vector<Foreign> foreign;
  };

  // Looks at every byte of a text that only these may see.
  Seen look(std::string_view text, std::span<const Owner> allowed) const;

 private:
  struct Half {
    Owner owner = 0;
    bool second = false;
  };

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::unordered_map<std::uint64_t, Half> halves_; // so that a piece of a marker is found, too
};

} // namespace plugboard::test
