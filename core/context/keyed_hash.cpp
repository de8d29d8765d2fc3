#include "core/context/keyed_hash.hpp"

#include <cstring>

namespace plugboard::context {

namespace {

__extension__ using Wide = unsigned __int128;

// One multiplication whose halves are folded: every bit of either side reaches all others.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t kOdd = 0x9e37'79b9'7f4a'7c15, kOther = 0xd1b5'4a32'd192'ed03;

} // namespace

KeyedHash& KeyedHash::add(std::uint64_t word) {
  state_ = fold(state_ ^ word, kOdd) ^ kOther;
  return *this;
}

KeyedHash& KeyedHash::add(std::string_view text) {
  add(std::uint64_t{text.size()});
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    add(word);
    text.remove_prefix(sizeof word);
  }
  if (text.empty()) return *this;
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return add(rest);
}

} // namespace plugboard::context
