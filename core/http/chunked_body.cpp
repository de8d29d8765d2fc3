#include "core/http/chunked_body.hpp"

#include "core/http/characters.hpp"

#include <algorithm>

namespace plugboard::http {
namespace {

unsigned hex_value(char c) {
  return is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(lower(c) - 'a') + 10;
}

bool is_trailer(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  const auto name = line.substr(0, colon);
  const bool frames = equals_any_case(name, "content-length") || equals_any_case(name, "transfer-encoding") ||
                      equals_any_case(name, "host");
  return !frames && is_field_value(line.substr(colon + 1));
}

} // namespace

std::size_t ChunkedBody::feed(std::string_view bytes, std::string& body, std::size_t limit) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::more) {
    if (at_ != At::data) {
      take(bytes[taken++], limit - body.size());
      continue;
    }
    const auto part = bytes.substr(taken, static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size())));
    body.append(part);
    taken += part.size();
    size_ -= part.size();
    if (size_ == 0) at_ = At::data_cr;
  }
  return taken;
}

void ChunkedBody::take(char c, std::size_t room) {
  switch (at_) {
  case At::size:
    return take_size(c);
  case At::extension:
    return take_extension(c);
  case At::size_lf:
    return c == '\n' ? end_size_line(room) : expect(c, '\n', At::size);
  case At::data: // not here
    break;
  case At::data_cr:
    return expect(c, '\r', At::data_lf);
  case At::data_lf:
    digits_ = extension_ = 0;
    return expect(c, '\n', At::size);
  case At::trailer:
    return take_trailer(c);
  case At::trailer_lf:
    return c == '\n' ? end_trailer_line() : expect(c, '\n', At::trailer);
  }
}

void ChunkedBody::expect(char c, char expected, At next) {
  at_ = next;
  if (c != expected) state_ = State::malformed;
}

void ChunkedBody::take_size(char c) {
  if (is_hex(c) && digits_ < kSizeDigits) {
    ++digits_;
    size_ = size_ * 16 + hex_value(c);
  } else if (digits_ > 0 && c == ';') {
    at_ = At::extension;
  } else if (digits_ > 0 && c == '\r') {
    at_ = At::size_lf;
  } else {
    state_ = State::malformed;
  }
}

void ChunkedBody::take_extension(char c) {
  const bool visible = c == '\t' || (c >= 0x20 && c < 0x7f);
  if (c == '\r')
    at_ = At::size_lf;
  else if (!visible || ++extension_ > kExtension || ++extensions_ > kExtensions)
    state_ = State::malformed;
}

void ChunkedBody::end_size_line(std::size_t room) {
  at_ = size_ == 0 ? At::trailer : At::data;
  if (size_ > room) state_ = State::too_large;
}

void ChunkedBody::take_trailer(char c) {
  if (c == '\r')
    at_ = At::trailer_lf;
  else if (++trailers_ > kTrailers)
    state_ = State::malformed;
  else
    line_.push_back(c);
}

void ChunkedBody::end_trailer_line() {
  at_ = At::trailer;
  if (line_.empty())
    state_ = State::complete;
  else if (!is_trailer(line_))
    state_ = State::malformed;
  line_.clear();
}

} // namespace plugboard::http
