#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace plugboard {
namespace {

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

constexpr auto is_plain = [](char byte) { // not a function: this one is to be inlined where it is used
  const auto c = static_cast<unsigned char>(byte);
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
};

// The same of eight bytes at once: whether none of them is other than plain.
bool are_plain(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101, kHighs = kOnes << 7;
  const auto holds = [bytes](unsigned char byte) {
    const std::uint64_t differs = bytes ^ (kOnes * byte); // zero where it stands
    return (differs - kOnes) & ~differs;
  };
  const std::uint64_t below_space = (bytes - kOnes * 0x20) & ~bytes;
  return ((bytes | below_space | holds('"') | holds('\\') | holds(0x7F)) & kHighs) == 0;
}

// How many bytes at the front are plain; may say fewer, by what lies in one word with the first that is not.
std::size_t plain_words(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (!are_plain(word)) break;
  }
  return at;
}

bool is_all_plain(std::string_view text) {
  const auto rest = text.substr(plain_words(text));
  if (rest.size() >= sizeof(std::uint64_t)) return false;
  return std::all_of(rest.begin(), rest.end(), is_plain);
}

std::uint32_t code_point(std::string_view character) { // of a well-formed character of two bytes or more
  const auto lead = static_cast<unsigned char>(character.front());
  std::uint32_t value = lead & (0x7FU >> character.size());
  for (const char byte : character.substr(1)) value = value << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
  return value;
}

bool is_dangerous(std::uint32_t point) {
  return (point >= 0x80 && point <= 0x9F) || point == 0x2028 || point == 0x2029 ||     // C1 controls, separators
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069); // directions
}

void append_unicode_escape(std::string& out, std::uint32_t point) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[point >> shift & 15];
}

void append_ascii_escape(std::string& out, char byte) {
  switch (byte) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\b':
    out += "\\b";
    return;
  case '\f':
    out += "\\f";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    append_unicode_escape(out, static_cast<unsigned char>(byte));
  }
}

} // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  const std::string_view rest = text.substr(1, length - 1);
  if (!std::all_of(rest.begin(), rest.end(), continues)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  if (is_all_plain(text)) {      // as most are
    std::array<char, 64> quoted; // NOLINT(cppcoreguidelines-pro-type-member-init): filled as far as it is read
    if (text.size() + 2 > quoted.size()) {
      out.append(1, '"').append(text).append(1, '"');
      return;
    }
    quoted[0] = '"';
    text.copy(quoted.data() + 1, text.size());
    quoted[text.size() + 1] = '"';
    out.append(quoted.data(), text.size() + 2);
    return;
  }
  out += '"';
  while (!text.empty()) {
    const auto stop = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(stop - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD"; // U+FFFD
    } else if (length == 1) {
      append_ascii_escape(out, text.front());
    } else if (const auto point = code_point(text.substr(0, length)); is_dangerous(point)) {
      append_unicode_escape(out, point);
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits{};
  // A whole double beyond 2^53 gets an exponent: written as digits alone it would be an integer to whoever reads it,
  // and one that no integer holds.
  constexpr double kLargestExact = 9007199254740992.0;
  char* const limit = digits.data() + digits.size();
  const auto [end, error] = std::fabs(value) < kLargestExact
                                ? std::to_chars(digits.data(), limit, value)
                                : std::to_chars(digits.data(), limit, value, std::chars_format::scientific);
  static_cast<void>(error); // the shortest form of a double has at most 24 characters
  out.append(digits.data(), end);
}

} // namespace plugboard
