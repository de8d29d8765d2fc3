#include "core/json/string_text.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace plugboard::json {

namespace {

std::optional<std::uint32_t> hex4(std::string_view digits) {
  std::uint32_t value = 0;
  if (digits.size() < 4) return std::nullopt;
  const auto read = std::from_chars(digits.data(), digits.data() + 4, value, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + 4) return std::nullopt;
  return value;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
  } else {
    add(0xF0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3F));
    add(0x80 | (point >> 6 & 0x3F));
  }
  add(0x80 | (point & 0x3F));
}

// Takes \uXXXX, and the second half where this is the first of two.
bool take_unicode(std::string_view inside, std::size_t& at, std::string& out) {
  auto point = hex4(inside.substr(at));
  if (!point) return false;
  at += 4;
  const bool is_first = *point >= 0xD800 && *point < 0xDC00;
  if (*point >= 0xDC00 && *point < 0xE000) return false;
  if (is_first) {
    if (!inside.substr(at).starts_with("\\u")) return false;
    const auto second = hex4(inside.substr(at + 2));
    if (!second || *second < 0xDC00 || *second >= 0xE000) return false;
    point = 0x10000 + ((*point - 0xD800) << 10) + (*second - 0xDC00);
    at += 6;
  }
  append_utf8(out, *point);
  return true;
}

} // namespace

bool unescape(std::string_view inside, std::string& out) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
  out.clear();
  for (std::size_t at = 0; at < inside.size();) {
    const auto slash = inside.find('\\', at);
    out.append(inside.substr(at, slash - at));
    if (slash == std::string_view::npos) return true;
    if (slash + 1 == inside.size()) return false;
    at = slash + 2;
    if (inside[slash + 1] == 'u') {
      if (!take_unicode(inside, at, out)) return false;
    } else if (const auto which = kEscapes.find(inside[slash + 1]); which != std::string_view::npos) {
      out += kMeant[which];
    } else {
      return false;
    }
  }
  return true;
}

} // namespace plugboard::json
