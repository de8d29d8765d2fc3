// What every fuzz target shares. A target is one file with one function, `fuzz`: bytes from outside go in, and what
// must hold of every input is required. libFuzzer drives it in a sanitized build, replay.cpp everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plugboard::fuzz {

void fuzz(std::string_view input); // the target's own

// Ends the process with the sentence when it does not hold; the fuzzer keeps the input.
void require(bool holds, std::string_view sentence);

// Cuts the next line off: up to a newline, which goes, too.
std::string_view take_line(std::string_view& input);

// The fuzzer's choice of how bytes arrive: the last four bytes of an input are sizes, used one after the other and
// again.
class Slices {
 public:
  explicit Slices(std::string_view& input); // takes its bytes off the end

  std::string_view next(std::string_view& rest); // a piece off the front, of one byte at least

 private:
  std::array<unsigned char, 4> sizes_{};
  std::size_t at_ = 0;
};

} // namespace plugboard::fuzz
