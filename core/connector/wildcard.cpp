#include "core/connector/wildcard.hpp"

#include <algorithm>

namespace plugboard::connector {

bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0; // the last *, and where what follows it was tried last
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(), [](char c) { return c == '*'; });
}

bool asks_for(std::string_view wish, std::string_view grant) {
  constexpr std::string_view kHttp2 = "h2c:";
  return matches(wish, grant) ||
         (grant.starts_with(kHttp2) && matches(wish, "http:" + std::string(grant.substr(kHttp2.size()))));
}

std::vector<std::string> wished(const std::vector<std::string>& grants, const std::vector<std::string>& wishes,
                                std::vector<std::string>& unasked) {
  std::vector<std::string> kept;
  for (const std::string& grant : grants) {
    const bool asked =
        std::any_of(wishes.begin(), wishes.end(), [&](const std::string& wish) { return asks_for(wish, grant); });
    (asked ? kept : unasked).push_back(grant);
  }
  return kept;
}

} // namespace plugboard::connector
