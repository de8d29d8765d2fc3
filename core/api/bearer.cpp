#include "core/api/bearer.hpp"

#include <algorithm>

namespace plugboard::api {

Bearer bearer(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  std::string_view value;
  std::size_t said = 0;
  for (const auto& [name, text] : request.headers)
    if (name == "authorization") {
      value = text;
      ++said;
    }
  const bool is_bearer = said == 1 && value.size() > kScheme.size() &&
                         std::equal(kScheme.begin(), kScheme.end(), value.begin(), [](char wanted, char c) {
                           return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
                         });
  return {said > 0, is_bearer ? value.substr(kScheme.size()) : std::string_view()};
}

} // namespace plugboard::api
