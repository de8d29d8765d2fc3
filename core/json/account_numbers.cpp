#include "core/json/account_numbers.hpp"

#include "core/base/account_numbers.hpp"

#include <cstring>
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
  case Type::integer:
    return plugboard::holds_account_number(to_text(value));
  default:
    return false;
  }
}

} // namespace

bool holds_account_number(Value value, std::string_view text) {
  const bool has_escapes = !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;
  return has_escapes ? in_value(value) : plugboard::holds_account_number(text);
}

} // namespace plugboard::json
