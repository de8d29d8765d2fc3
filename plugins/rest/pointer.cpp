#include "plugins/rest/pointer.hpp"

#include <charconv>

namespace plugboard::rest {

namespace {

std::optional<std::string> unescape(std::string_view token) {
  std::string plain;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      plain += token[i];
      continue;
    }
    if (++i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    plain += token[i] == '0' ? '~' : '/';
  }
  return plain;
}

const Value* element(const Value& array, std::string_view token) {
  std::size_t index = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  bool plain = error == std::errc() && end == token.data() + token.size() && (token.size() == 1 || token[0] != '0');
  return plain && index < array.items.size() ? &array.items[index] : nullptr;
}

} // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer pointer;
  pointer.text_ = text;
  if (!text.empty() && text[0] != '/') return std::nullopt;
  while (!text.empty()) {
    auto next = text.find('/', 1);
    auto token = unescape(text.substr(1, next == text.npos ? text.npos : next - 1));
    if (!token) return std::nullopt;
    pointer.tokens_.push_back(std::move(*token));
    text = next == text.npos ? std::string_view() : text.substr(next);
  }
  return pointer;
}

const Value* Pointer::find(const Value& in) const {
  const Value* at = &in;
  for (const auto& token : tokens_) {
    at = at->is(Value::Kind::array) ? element(*at, token) : at->member(token);
    if (!at) return nullptr;
  }
  return at->is(Value::Kind::null) ? nullptr : at;
}

std::string below(std::string_view pointer, std::string_view name) {
  std::string joined(pointer);
  joined += '/';
  for (char c : name) {
    if (c == '~')
      joined += "~0";
    else if (c == '/')
      joined += "~1";
    else
      joined += c;
  }
  return joined;
}

} // namespace plugboard::rest
