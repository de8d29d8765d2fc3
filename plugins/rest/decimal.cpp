#include "plugins/rest/decimal.hpp"

#include <limits>
#include <string>

namespace plugboard::rest {

namespace {

struct Parts {
  bool negative = false;
  std::string digits; // integer and fraction, without leading zeros; empty is zero
  long exponent = 0;  // the value is 0 or digits × 10^exponent
};

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

// Reads [+-]digits; nothing but that may be left. Far beyond any exponent that matters it stays where it is.
std::optional<long> read_exponent(std::string_view text) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || count_digits(text) != text.size()) return std::nullopt;
  long value = 0;
  for (char c : text)
    if (value < 100'000) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::optional<Parts> split(std::string_view text) {
  Parts parts;
  parts.negative = !text.empty() && text[0] == '-';
  if (parts.negative) text.remove_prefix(1);
  auto whole = count_digits(text);
  if (whole == 0) return std::nullopt;
  parts.digits = text.substr(0, whole);
  text.remove_prefix(whole);
  if (!text.empty() && text[0] == '.') {
    auto fraction = count_digits(text.substr(1));
    if (fraction == 0) return std::nullopt;
    parts.digits += text.substr(1, fraction);
    parts.exponent = -static_cast<long>(fraction);
    text.remove_prefix(1 + fraction);
  }
  if (!text.empty()) {
    if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
    auto exponent = read_exponent(text.substr(1));
    if (!exponent) return std::nullopt;
    parts.exponent += *exponent;
  }
  parts.digits.erase(0, parts.digits.find_first_not_of('0'));
  return parts;
}

std::optional<std::int64_t> to_int64(const std::string& digits, bool negative) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::uint64_t limit = negative ? kMax + 1 : kMax;
  std::uint64_t value = 0;
  for (char c : digits) {
    auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (limit - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  if (negative) return static_cast<std::int64_t>(~value + 1);
  return static_cast<std::int64_t>(value);
}

} // namespace

std::optional<std::int64_t> scaled(std::string_view decimal, int digits, Excess excess) {
  auto parts = split(decimal);
  if (!parts) return std::nullopt;
  if (parts->digits.empty()) return 0;
  long exponent = parts->exponent + digits;
  if (exponent > 0) {
    if (exponent > 19) return std::nullopt;
    parts->digits.append(static_cast<std::size_t>(exponent), '0');
  } else if (exponent < 0) {
    auto drop = std::min(static_cast<std::size_t>(-exponent), parts->digits.size());
    bool all_dropped = static_cast<std::size_t>(-exponent) > parts->digits.size();
    auto last = parts->digits.find_last_not_of('0');
    bool exact = !all_dropped && last < parts->digits.size() - drop; // digits starts with a non-zero: last is found
    if (!exact && excess == Excess::refuse) return std::nullopt;
    parts->digits.resize(parts->digits.size() - drop);
  }
  return to_int64(parts->digits, parts->negative);
}

bool is_json_number(std::string_view text) {
  if (!split(text)) return false;
  if (text[0] == '-') text.remove_prefix(1);
  return text[0] != '0' || count_digits(text) == 1;
}

} // namespace plugboard::rest
