#include "core/http/head_fields.hpp"

#include "core/http/characters.hpp"

namespace plugboard::http {
namespace {

// Calls `use` with each element of a comma-separated list.
template <class Use>
void for_each_element(std::string_view list, Use use) {
  for (;;) {
    const auto comma = list.find(',');
    use(without_blanks_around(list.substr(0, comma)));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_host(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '[') { // an address; what it means is nobody's concern here
    const auto end = text.find(']');
    if (end == std::string_view::npos || end == 1) return false;
    for (const char c : text.substr(1, end - 1))
      if (!is_hex(c) && c != ':' && c != '.') return false;
    const auto after = text.substr(end + 1);
    return after.empty() || (after.front() == ':' && is_port(after.substr(1)));
  }
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  if (name.empty() || !all_in(kHost, name) || !percents_are_whole(name)) return false;
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

} // namespace

std::optional<Refusal> HeadFields::read(std::string_view lines) {
  for (;;) {
    const auto end = lines.find("\r\n");
    if (end == std::string_view::npos) return Refusal{400, "the head does not end with an empty line"};
    if (end == 0) {
      if (lines.size() != 2) return Refusal{400, "something follows the empty line that ends the head"};
      return std::nullopt;
    }
    if (++count_ > kMaxFields) return Refusal{431, "too many header fields"};
    if (auto refusal = take_line(lines.substr(0, end))) return refusal;
    lines.remove_prefix(end + 2);
  }
}

std::optional<Refusal> HeadFields::take_line(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return Refusal{400, "a header field is folded over two lines"};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{400, "a header line has no colon"};
  const auto name = line.substr(0, colon);
  if (!is_token(name)) return Refusal{400, "a header field's name holds a character that may not be there"};
  const auto value = line.substr(colon + 1);
  if (!is_field_value(value)) return Refusal{400, "a header field's value holds a control character"};
  return take(name, without_blanks_around(value));
}

std::optional<Refusal> HeadFields::take(std::string_view name, std::string_view value) {
  if (equals_any_case(name, "host")) {
    if (++hosts > 1) return Refusal{400, "more than one Host"};
    if (!is_host(value)) return Refusal{400, "Host is not a host and port"};
  } else if (equals_any_case(name, "content-length")) {
    return take_length(value);
  } else if (equals_any_case(name, "transfer-encoding")) {
    take_codings(value);
  } else if (equals_any_case(name, "connection")) {
    return take_connection(value);
  } else if (equals_any_case(name, "expect")) {
    (equals_any_case(value, "100-continue") ? expects_continue : expects_other) = true;
  } else if (equals_any_case(name, "content-encoding")) {
    content_encoded = content_encoded || !equals_any_case(value, "identity");
  }
  return std::nullopt;
}

std::optional<Refusal> HeadFields::take_length(std::string_view value) {
  if (has_length) return Refusal{400, "more than one Content-Length"};
  has_length = true;
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit))
    return Refusal{400, "Content-Length is not one decimal number"};
  for (const char c : value) {
    if (length_ > (UINT64_MAX - 9) / 10) return Refusal{400, "Content-Length is too large a number"};
    length_ = length_ * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return std::nullopt;
}

std::optional<Refusal> HeadFields::take_connection(std::string_view value) {
  bool well_formed = true;
  for_each_element(value, [&](std::string_view option) {
    if (!option.empty() && !is_token(option)) well_formed = false;
    if (equals_any_case(option, "close")) close = true;
  });
  if (!well_formed) return Refusal{400, "Connection is not a list of names"};
  return std::nullopt;
}

void HeadFields::take_codings(std::string_view value) {
  for_each_element(value, [&](std::string_view coding) {
    ++codings_;
    chunked_is_last_ = equals_any_case(coding, "chunked");
    if (chunked_is_last_) ++chunked_;
    if (coding.empty()) empty_coding_ = true;
  });
}

std::optional<Refusal> HeadFields::frame(bool http_1_1, Framing& framing) const {
  if (codings_ == 0) {
    if (has_length && length_ > 0) {
      framing.body = Body::sized;
      framing.length = length_;
    }
    return std::nullopt;
  }
  if (!http_1_1) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
  if (has_length) return Refusal{400, "both Content-Length and Transfer-Encoding"};
  if (empty_coding_) return Refusal{400, "Transfer-Encoding names nothing"};
  if (chunked_ > 1 || (chunked_ == 1 && !chunked_is_last_))
    return Refusal{400, "Transfer-Encoding has chunked elsewhere than once and last"};
  if (codings_ > 1 || chunked_ == 0) return Refusal{501, "a Transfer-Encoding other than chunked"};
  framing.body = Body::chunked;
  return std::nullopt;
}

} // namespace plugboard::http
