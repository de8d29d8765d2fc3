#include "plugins/otp/recipient.hpp"

#include <algorithm>

namespace otp {
namespace {

constexpr std::string_view kDots = "•••";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z');
}

bool is_phone(std::string_view text) {
  constexpr std::size_t kFewest = 7, kMost = 15;
  return text.starts_with('+') && text.size() > kFewest && text.size() <= kMost + 1 && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

// RFC 5321's Dot-string; quoted ones are in use nowhere but in tests.
bool is_local_part(std::string_view text) {
  constexpr std::size_t kMost = 64;
  constexpr std::string_view kAlso = "!#$%&'*+/=?^_`{|}~-.";
  return !text.empty() && text.size() <= kMost && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter_or_digit(c) || kAlso.find(c) != std::string_view::npos;
         });
}

bool is_label(std::string_view text) {
  constexpr std::size_t kMost = 63;
  return !text.empty() && text.size() <= kMost && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
  int labels = 0;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return labels > 1 && !std::all_of(text.begin(), text.end(), is_digit); // no address in digits
}

bool is_email(std::string_view text) {
  constexpr std::size_t kMost = 254;
  const auto at = text.rfind('@');
  return text.size() <= kMost && at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
         is_domain(text.substr(at + 1));
}

} // namespace

std::optional<std::string> read_address(Kind kind, std::string_view text) {
  std::string address(text);
  if (kind == Kind::phone) return is_phone(address) ? std::optional(address) : std::nullopt;
  std::transform(address.begin(), address.end(), address.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return is_email(address) ? std::optional(address) : std::nullopt;
}

std::string masked(Kind kind, std::string_view address) {
  if (kind == Kind::phone) return std::string(kDots) + "• " + std::string(address.substr(address.size() - 2));
  const auto at = address.rfind('@');
  return std::string(address.substr(0, 1)) + std::string(kDots) + std::string(address.substr(at));
}

} // namespace otp
