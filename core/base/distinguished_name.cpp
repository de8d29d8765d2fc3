#include "core/base/distinguished_name.hpp"

#include <algorithm>

namespace plugboard {
namespace {

constexpr std::string_view kSpecial = ",+\"\\<>;";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void append_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool at_edge = (i == 0 && (c == '#' || c == ' ')) || (i + 1 == value.size() && c == ' ');
    if (byte < 0x20 || byte == 0x7f) {
      out += {'\\', kHex[byte >> 4U], kHex[byte & 15U]};
      continue;
    }
    if (at_edge || kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) {}

  std::optional<std::string> name() {
    for (;;) {
      if (!type() || !value()) return std::nullopt;
      if (rest_.empty()) return std::move(out_);
      out_ += rest_.front(); // "," or "+"
      rest_.remove_prefix(1);
    }
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  bool type() {
    skip_spaces();
    const auto end = rest_.find('=');
    if (end == std::string_view::npos) return false;
    auto type = rest_.substr(0, end);
    while (type.ends_with(' ')) type.remove_suffix(1);
    const bool good = !type.empty() && std::all_of(type.begin(), type.end(), [](char c) {
      return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
    std::transform(type.begin(), type.end(), std::back_inserter(out_), upper);
    out_ += '=';
    rest_.remove_prefix(end + 1);
    skip_spaces();
    return good;
  }

  // Up to the next "," or "+" that is not escaped.
  bool value() {
    if (rest_.starts_with('#')) return encoded_value();
    std::string plain;
    std::size_t kept = 0; // spaces after it are no part of the value
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      const char c = rest_.front();
      if (c != '\\' && kSpecial.find(c) != std::string_view::npos) return false;
      rest_.remove_prefix(1);
      if (c != '\\') {
        plain += c;
        if (c != ' ') kept = plain.size();
        continue;
      }
      if (!escaped(plain)) return false;
      kept = plain.size();
    }
    plain.resize(kept);
    append_escaped(out_, plain);
    return true;
  }

  bool escaped(std::string& plain) {
    if (rest_.empty()) return false;
    const int high = hex_digit(rest_[0]), low = rest_.size() > 1 ? hex_digit(rest_[1]) : -1;
    const bool is_pair = high >= 0 && low >= 0;
    if (!is_pair && kSpecial.find(rest_[0]) == std::string_view::npos && rest_[0] != ' ' && rest_[0] != '#' &&
        rest_[0] != '=')
      return false;
    plain += is_pair ? static_cast<char>(high * 16 + low) : rest_[0];
    rest_.remove_prefix(is_pair ? 2 : 1);
    return true;
  }

  bool encoded_value() { // "#" and the hex digits of its encoding
    const auto end = std::min(rest_.find_first_of(",+"), rest_.size());
    const auto digits = rest_.substr(1, end - 1);
    std::transform(digits.begin(), digits.end(), std::back_inserter(out_ += '#'), upper);
    rest_.remove_prefix(end);
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
  }

  std::string_view rest_;
  std::string out_;
};

} // namespace

std::optional<std::string> normal_distinguished_name(std::string_view text) {
  return Reading(text).name();
}

} // namespace plugboard
