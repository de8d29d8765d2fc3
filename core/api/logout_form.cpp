#include "core/api/logout_form.hpp"

#include <algorithm>

namespace plugboard::api {
namespace {

// base64url and dots: a token has no character that a form would have to escape.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}

} // namespace

Result<std::string_view> logout_token_in(std::string_view body) {
  constexpr std::string_view kName = "logout_token=";
  std::string_view token;
  std::size_t times = 0;
  while (!body.empty()) {
    const auto pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    if (!pair.starts_with(kName)) continue;
    token = pair.substr(kName.size());
    ++times;
  }
  if (times != 1) return fail(Code::malformed, "the body must have logout_token once");
  if (!is_token(token)) return fail(Code::malformed, "logout_token is no token");
  return token;
}

} // namespace plugboard::api
