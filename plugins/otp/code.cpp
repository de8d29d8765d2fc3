#include "plugins/otp/code.hpp"

#include "plugins/otp/keyed_hash.hpp"

#include <cstdint>

namespace otp {

std::string make_code(int digits, const RandomBytes& random) {
  std::uint64_t codes = 1;
  for (int i = 0; i < digits; ++i) codes *= 10;
  constexpr std::uint64_t kNumbers = std::uint64_t(1) << 32;
  std::uint64_t number = 0;
  do { // numbers past the last whole round of codes would make some codes likelier
    unsigned char bytes[4];
    random(bytes, sizeof bytes);
    number = 0;
    for (const auto byte : bytes) number = number << 8 | byte;
  } while (number >= kNumbers - kNumbers % codes);
  std::string code(static_cast<std::size_t>(digits), '0');
  number %= codes;
  for (auto digit = code.rbegin(); digit != code.rend(); ++digit, number /= 10)
    *digit = static_cast<char>('0' + number % 10);
  return code;
}

std::string random_name(const RandomBytes& random) {
  unsigned char bytes[16];
  random(bytes, sizeof bytes);
  return base64url({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

std::optional<std::string> read_code(std::string_view typed, int digits) {
  constexpr std::size_t kMostTyped = 64;
  if (typed.size() > kMostTyped) return std::nullopt;
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return std::nullopt;
    code += c;
  }
  if (code.size() != static_cast<std::size_t>(digits)) return std::nullopt;
  return code;
}

} // namespace otp
