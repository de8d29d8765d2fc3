// HTTP messages as the hub sees them: plain values, no library's types. Names of headers are lower case.
#pragma once

#include <cstddef>
#include <memory>
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

// Those of an answer: from one to the next on a connection they are often the same, and then not made anew.
class SharedHeaders {
 public:
  SharedHeaders() = default; // none

  SharedHeaders(Headers headers) // NOLINT(google-explicit-constructor): they are the same
      : headers_(std::make_shared<const Headers>(std::move(headers))) {}

  operator const Headers&() const { return all(); } // NOLINT(google-explicit-constructor): as above

  auto begin() const { return all().begin(); }

  auto end() const { return all().end(); }

  std::size_t size() const { return all().size(); }

 private:
  const Headers& all() const {
    static const Headers kNone;
    return headers_ ? *headers_ : kNone;
  }

  std::shared_ptr<const Headers> headers_;
};

} // namespace plugboard::http
