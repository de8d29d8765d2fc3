#include "core/json/account_numbers.hpp"

#include "core/base/account_numbers.hpp"

#include <string>

namespace plugboard::json {

namespace {

bool in_value(const Value& value) { // no deeper than the reader lets pass
  bool found = false;
  switch (value.type()) {
  case Type::object:
    value.each_member([&](std::string_view key, Value inner) {
      found = found || plugboard::holds_account_number(key) || in_value(inner);
    });
    return found;
  case Type::array:
    value.each_element([&](Value inner) { found = found || in_value(inner); });
    return found;
  case Type::string:
    return plugboard::holds_account_number(*value.string());
  case Type::integer: {
    constexpr std::int64_t kShorter = 1'000'000'000; // than any such number
    const auto small = value.integer();
    return !(small && *small > -kShorter && *small < kShorter) && plugboard::holds_account_number(to_text(value));
  }
  default:
    return false;
  }
}

// Whether an escape stands for what may be part of such a number: \uXXXX, or \/, which separates. All others stand for
// what ends one, as the backslash does.
bool escapes_matter(std::string_view text) {
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
    const char what = at + 1 < text.size() ? text[at + 1] : 'u';
    if (what == 'u' || what == '/') return true;
  }
  return false;
}

} // namespace

bool holds_account_number(Value value, std::string_view text) {
  return escapes_matter(text) ? in_value(value) : plugboard::holds_account_number(text);
}

} // namespace plugboard::json
