#include "tests/reliability/chaos/markers.hpp"

#include <algorithm>
#include <array>

namespace plugboard::test {

namespace {

constexpr std::size_t kHalfDigits = 16;

void append_hex(std::string& out, std::uint64_t number) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[(number >> shift) & 15];
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::string Markers::mint(Owner owner) {
  const std::lock_guard lock(mutex_);
  std::array<std::uint64_t, 2> number{};
  do number = {random_(), random_()};
  while (halves_.contains(number[0]) || halves_.contains(number[1]));
  std::string text;
  for (const auto half : number) append_hex(text, half);
  halves_[number[0]] = {owner, false};
  halves_[number[1]] = {owner, true};
  return text;
}

std::size_t Markers::minted() const {
  const std::lock_guard lock(mutex_);
  return halves_.size() / 2;
}

Markers::Seen Markers::look(std::string_view text, std::span<const Owner> allowed) const {
  Seen seen;
  std::uint64_t window = 0;
  std::size_t digits = 0;
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int next = digit(text[i]);
    digits = next < 0 ? 0 : digits + 1;
    window = window << 4 | static_cast<std::uint64_t>(next & 15);
    if (digits < kHalfDigits) continue;
    const auto found = halves_.find(window);
    if (found == halves_.end()) continue;
    const auto half = found->second;
    if (std::find(allowed.begin(), allowed.end(), half.owner) == allowed.end()) {
      const auto from = i + 1 - kHalfDigits;
      seen.foreign.push_back({half.owner, "a marker of " + std::to_string(half.owner) + " at byte " +
                                              std::to_string(from) + ": " +
                                              std::string(text.substr(from < 40 ? 0 : from - 40, 100))});
    } else if (half.second) {
      ++seen.own;
    }
  }
  return seen;
}

} // namespace plugboard::test
