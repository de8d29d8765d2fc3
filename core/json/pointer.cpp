#include "core/json/pointer.hpp"

namespace plugboard::json {
namespace {

std::optional<std::string> unescaped(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      text += token[i];
      continue;
    }
    ++i;
    if (i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    text += token[i] == '0' ? '~' : '/';
  }
  return text;
}

} // namespace

std::string pointer_append(std::string_view pointer, std::string_view token) {
  std::string text(pointer);
  text += '/';
  for (const char c : token) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    pointer.remove_prefix(1);
    auto token = unescaped(pointer.substr(0, pointer.find('/')));
    if (!token) return std::nullopt;
    tokens.push_back(std::move(*token));
    const std::size_t next = pointer.find('/');
    pointer = next == std::string_view::npos ? std::string_view{} : pointer.substr(next);
  }
  return tokens;
}

} // namespace plugboard::json
