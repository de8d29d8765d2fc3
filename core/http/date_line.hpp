// The Date header, made anew once a second. [the server's thread]
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::http {

std::string http_date(WallTime time); // "Sun, 06 Nov 1994 08:49:37 GMT"

class DateLine {
 public:
  explicit DateLine(const Clock& clock) : clock_(clock) {}

  std::string_view get(); // "Date: …\r\n"; lives until the next call

 private:
  const Clock& clock_;
  std::int64_t second_ = -1;
  std::string line_;
};

} // namespace plugboard::http
