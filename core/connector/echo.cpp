#include "core/connector/echo.hpp"

#include "core/json/pointer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace plugboard::connector {
namespace {

std::optional<std::string> number_as_text(json::Value value) { // none: no whole number
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
bool all_right(json::Value value, std::span<const std::string_view> tokens, const Right& right) {
  if (!value.found()) return false;
  if (tokens.empty()) return right(value);
  const std::string_view token = tokens.front();
  const auto rest = tokens.subspan(1);
  if (token == "*" && value.is_array()) {
    bool all = true;
    value.each_element([&](json::Value element) { all = all && all_right(element, rest, right); });
    return all;
  }
  return all_right(value.is_array() ? element_at(value, token) : value[token], rest, right);
}

// A pointer's tokens, in their own text unless that holds escapes.
class Tokens {
 public:
  explicit Tokens(std::string_view pointer) {
    if (pointer.find('~') != std::string_view::npos || !split(pointer)) unescape(pointer);
  }

  bool well_formed() const { return well_formed_; }

  std::span<const std::string_view> all() const {
    return many_.empty() ? std::span(few_.data(), size_) : std::span<const std::string_view>(many_);
  }

 private:
  bool split(std::string_view pointer) { // false: they are more than a few
    while (!pointer.empty()) {
      if (pointer.front() != '/') return well_formed_ = false, true;
      if (size_ == few_.size()) return false;
      pointer.remove_prefix(1);
      const auto end = std::min(pointer.find('/'), pointer.size());
      few_[size_++] = pointer.substr(0, end);
      pointer.remove_prefix(end);
    }
    return true;
  }

  void unescape(std::string_view pointer) {
    auto tokens = json::pointer_tokens(pointer);
    well_formed_ = tokens.has_value();
    if (tokens) unescaped_ = std::move(*tokens);
    many_.assign(unescaped_.begin(), unescaped_.end());
    size_ = 0;
  }

  std::array<std::string_view, 8> few_{};
  std::size_t size_ = 0;
  std::vector<std::string> unescaped_;
  std::vector<std::string_view> many_; // of unescaped_
  bool well_formed_ = true;
};

} // namespace

std::optional<std::string> find_wrong_customer(json::Value data, const std::vector<Echo>& echo,
                                               const std::vector<Identifier>& asked) {
  for (const Echo& one : echo) {
    const auto right = [&](json::Value value) {
      const auto told = value.string();
      const auto number = told ? std::nullopt : number_as_text(value);
      if (!told && !number) return false;
      const std::string_view text = told ? *told : std::string_view(*number);
      return std::any_of(asked.begin(), asked.end(), [&](const Identifier& identifier) {
        return identifier.type == one.type && same_text(identifier.value, text, one.ignore_case);
      });
    };
    const bool was_asked = std::any_of(asked.begin(), asked.end(),
                                       [&](const Identifier& identifier) { return identifier.type == one.type; });
    if (!was_asked) continue;
    const Tokens tokens(one.pointer);
    if (tokens.well_formed() && !all_right(data, tokens.all(), right)) return one.pointer;
  }
  return std::nullopt;
}

} // namespace plugboard::connector
