// Finds where a message's head ends, in bytes that arrive bit by bit, and notices the first byte that no head may hold:
// so a client that ends its lines with LF alone, or speaks TLS to a plain port, is refused at once,
// not when its time is up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plugboard::http {

class HeadScan {
 public:
  enum class Found : std::uint8_t { nothing_yet = 1, end, bad_byte };

  // Takes the bytes that follow those of the last call. Returns how many of them belong to the head: all of them while
  // its end is not found.
  std::size_t feed(std::string_view bytes);

  Found found() const { return found_; }

 private:
  enum class Seen : std::uint8_t { text = 1, cr, line_end, line_end_cr };
  void take(char c);

  Seen seen_ = Seen::text;
  Found found_ = Found::nothing_yet;
};

} // namespace plugboard::http
