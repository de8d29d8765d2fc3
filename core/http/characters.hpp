// The alphabets of RFC 9110 and 3986 that the strict readers and writers of this room share. [any thread]
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace plugboard::http {

using Alphabet = std::array<bool, 256>;

constexpr Alphabet alphabet(std::string_view beside_letters_and_digits) {
  Alphabet set{};
  for (int c = '0'; c <= '9'; ++c) set[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) set[static_cast<std::size_t>(c)] = set[static_cast<std::size_t>(c - 32)] = true;
  for (const char c : beside_letters_and_digits) set[static_cast<unsigned char>(c)] = true;
  return set;
}

inline constexpr Alphabet kToken = alphabet("!#$%&'*+-.^_`|~");
inline constexpr Alphabet kTarget = alphabet("-._~!$&'()*+,;=:@/?%"); // path and query
inline constexpr Alphabet kHost = alphabet("-._~!$&'()*+;=%");        // a registered name; no comma: lists of hosts

constexpr bool all_in(const Alphabet& set, std::string_view text) {
  unsigned others = 0; // to the end, as most are: without a branch for each
  for (const char c : text) others |= set[static_cast<unsigned char>(c)] ? 0U : 1U;
  return others == 0;
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool is_token(std::string_view text) {
  return !text.empty() && all_in(kToken, text);
}

// Visible characters, spaces, tabs, and opaque bytes from 0x80 on; no control character can hide in one.
constexpr bool is_field_value(std::string_view text) {
  unsigned others = 0; // counted without branches, so that many are looked at together
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    others |= static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\t');
    others |= static_cast<unsigned>(byte == 0x7f);
  }
  return others == 0;
}

// "%" is followed by two hexadecimal digits wherever it stands.
constexpr bool percents_are_whole(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return true;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))) return false;
  return true;
}

// Origin form: a path that begins with "/", perhaps a query.
constexpr bool is_origin_target(std::string_view text) {
  return !text.empty() && text.front() == '/' && all_in(kTarget, text) && percents_are_whole(text);
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// `lower_case` must be.
constexpr bool equals_any_case(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

constexpr std::string_view without_blanks_around(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

} // namespace plugboard::http
