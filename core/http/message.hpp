// HTTP messages as the hub sees them: plain values, no library's types. Names of headers are lower case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::http {

struct Header {
  std::string name; // lower case
  std::string value;
};

using Headers = std::vector<Header>;

inline std::optional<std::string_view> find(const Headers& headers, std::string_view lower_case_name) {
  for (const auto& header : headers)
    if (header.name == lower_case_name) return header.value;
  return std::nullopt;
}

} // namespace plugboard::http
