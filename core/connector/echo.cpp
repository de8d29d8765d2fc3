#include "core/connector/echo.hpp"

#include "core/json/pointer.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace plugboard::connector {
namespace {

std::optional<std::string> as_text(json::Value value) { // none: neither text nor a whole number
  if (const auto text = value.string()) return std::string(*text);
  if (const auto number = value.integer()) return std::to_string(*number);
  std::uint64_t large = 0;
  if (value.found() && value.element().get(large) == simdjson::SUCCESS) return std::to_string(large);
  return std::nullopt;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_text(std::string_view a, std::string_view b, bool ignore_case) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return ignore_case ? lower(x) == lower(y) : x == y; });
}

json::Value element_at(json::Value array, std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return {};
  json::Value found;
  std::size_t at = 0;
  array.each_element([&](json::Value element) {
    if (at++ == index) found = element;
  });
  return found;
}

// Does every value that the tokens lead to satisfy `right`? A way that ends early does not; an empty array has no ways.
template <class Right>
bool all_right(json::Value value, std::span<const std::string> tokens, const Right& right) {
  if (!value.found()) return false;
  if (tokens.empty()) return right(value);
  const std::string& token = tokens.front();
  const auto rest = tokens.subspan(1);
  if (token == "*" && value.is_array()) {
    bool all = true;
    value.each_element([&](json::Value element) { all = all && all_right(element, rest, right); });
    return all;
  }
  return all_right(value.is_array() ? element_at(value, token) : value[token], rest, right);
}

} // namespace

std::optional<std::string> find_wrong_customer(json::Value data, const std::vector<Echo>& echo,
                                               const std::vector<Identifier>& asked) {
  for (const Echo& one : echo) {
    const auto right = [&](json::Value value) {
      const auto text = as_text(value);
      return text && std::any_of(asked.begin(), asked.end(), [&](const Identifier& identifier) {
               return identifier.type == one.type && same_text(identifier.value, *text, one.ignore_case);
             });
    };
    const bool was_asked = std::any_of(asked.begin(), asked.end(),
                                       [&](const Identifier& identifier) { return identifier.type == one.type; });
    const auto tokens = json::pointer_tokens(one.pointer);
    if (was_asked && tokens && !all_right(data, std::span<const std::string>(*tokens), right)) return one.pointer;
  }
  return std::nullopt;
}

} // namespace plugboard::connector
