#include "core/base/ids.hpp"

#include "core/base/crypto.hpp"

#include <algorithm>
#include <array>

namespace plugboard {
namespace {

constexpr std::size_t kBodyLength = 43;    // 256 bits in base64url
constexpr std::size_t kChecksumLength = 6; // 32 bits in base62
constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
  return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

std::string checksum(std::string_view text) {
  std::string digits(kChecksumLength, '0');
  std::uint32_t crc = crc32(text);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, crc /= 62) *digit = kBase62[crc % 62];
  return digits;
}

void append_base32(std::string& text, std::span<const unsigned char> bytes) {
  static constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::uint32_t window = 0;
  unsigned held = 0;
  for (const unsigned char byte : bytes) {
    window = window << 8 | byte;
    for (held += 8; held >= 5; held -= 5) text += kDigits[window >> (held - 5) & 31];
  }
  if (held > 0) text += kDigits[window << (5 - held) & 31];
}

} // namespace

std::string new_uuid7(const Clock& clock, Random& random) {
  std::array<unsigned char, 16> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(clock.wall().time_since_epoch());
  const auto time = static_cast<std::uint64_t>(since_epoch.count());
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(time >> (40 - 8 * i));
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x70);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text = hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

std::string new_customer_id(Random& random) {
  std::array<unsigned char, 16> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  std::string text = "cus_";
  append_base32(text, bytes);
  return text;
}

Secret new_token(std::string_view prefix, Random& random) {
  std::string bytes(32, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  const Secret bits(std::move(bytes));
  const auto* data = reinterpret_cast<const unsigned char*>(bits.reveal().data());
  const Secret body(base64url(std::span(data, bits.reveal().size())));
  std::string text;
  text.reserve(prefix.size() + kBodyLength + kChecksumLength); // no second buffer that would stay unwiped
  text.append(prefix).append(body.reveal());
  text.append(checksum(text));
  return Secret(std::move(text));
}

bool is_token(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + kBodyLength + kChecksumLength || !text.starts_with(prefix)) return false;
  const std::string_view body = text.substr(prefix.size(), kBodyLength);
  const bool fits =
      std::all_of(body.begin(), body.end(), [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
  const std::size_t summed = text.size() - kChecksumLength;
  return fits && text.substr(summed) == checksum(text.substr(0, summed));
}

bool is_connector_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_identifier_type(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return is_connector_name(text);
  return is_connector_name(text.substr(0, dot)) && is_connector_name(text.substr(dot + 1));
}

bool is_client_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

} // namespace plugboard
