#pragma once

#include <cstdint>
#include <cstdlib>

namespace plugboard::test {

// What a simulation runs: PLUGBOARD_SEED=N one seed again, PLUGBOARD_SEEDS=N as many as that, else `usual` of them.
struct Seeds {
  explicit Seeds(std::uint64_t usual) {
    only_one = number_from("PLUGBOARD_SEED", 0);
    first = only_one ? only_one : 1;
    last = only_one ? only_one : number_from("PLUGBOARD_SEEDS", usual);
  }

  std::uint64_t only_one, first, last;

 private:
  static std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
  }
};

} // namespace plugboard::test
