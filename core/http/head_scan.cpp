#include "core/http/head_scan.hpp"

namespace plugboard::http {

std::size_t HeadScan::feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && found_ == Found::nothing_yet) take(bytes[taken++]);
  return taken;
}

void HeadScan::take(char c) {
  if (seen_ == Seen::cr || seen_ == Seen::line_end_cr) {
    if (c != '\n')
      found_ = Found::bad_byte; // a CR that ends no line
    else if (seen_ == Seen::line_end_cr)
      found_ = Found::end;
    seen_ = Seen::line_end;
    return;
  }
  if (c == '\r') {
    seen_ = seen_ == Seen::line_end ? Seen::line_end_cr : Seen::cr;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  if ((byte < 0x20 && c != '\t') || byte == 0x7f) found_ = Found::bad_byte; // LF alone, NUL, other controls
  seen_ = Seen::text;
}

} // namespace plugboard::http
