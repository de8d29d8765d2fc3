#include "core/http/strict_head.hpp"

#include "core/http/characters.hpp"
#include "core/http/head_fields.hpp"

namespace plugboard::http {
namespace {

// Cuts the first line off; the part that is left begins with the fields.
std::optional<std::string_view> first_line(std::string_view& head) {
  const auto end = head.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = head.substr(0, end);
  head.remove_prefix(end + 2);
  return line;
}

// "HTTP/1.1" and "HTTP/1.0"; any other well-formed version is one we do not speak.
std::optional<Refusal> check_version(std::string_view version, bool& http_1_1) {
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  if (!well_formed) return Refusal{400, "the first line does not name a version of HTTP as it must"};
  http_1_1 = version == "HTTP/1.1";
  if (!http_1_1 && version != "HTTP/1.0") return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  return std::nullopt;
}

std::optional<Refusal> check_request_line(std::string_view line, bool& http_1_1, Framing& framing) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return Refusal{400, "the first line is not a method, a target and a version"};
  const auto method = line.substr(0, first);
  if (!is_token(method)) return Refusal{400, "the method holds a character that may not be there"};
  if (auto refusal = check_version(line.substr(last + 1), http_1_1)) return refusal;
  if (!is_origin_target(line.substr(first + 1, last - first - 1)))
    return Refusal{400, "the target is not a path that begins with / and holds only what RFC 3986 allows there"};
  framing.is_head = method == "HEAD";
  return std::nullopt;
}

std::optional<Refusal> check_status_line(std::string_view line, bool& http_1_1, Framing& framing) {
  if (auto refusal = check_version(line.substr(0, 8), http_1_1)) return refusal;
  const auto code = line.size() >= 12 ? line.substr(9, 3) : std::string_view();
  if (code.empty() || line[8] != ' ' || !std::all_of(code.begin(), code.end(), is_digit) || code[0] < '1' ||
      code[0] > '5')
    return Refusal{400, "the first line has no status from 100 to 599"};
  if (line.size() > 12 && (line[12] != ' ' || !is_field_value(line.substr(12))))
    return Refusal{400, "the first line does not end as it must"};
  for (const char c : code) framing.status = framing.status * 10 + (c - '0');
  return std::nullopt;
}

// RFC 9112 6.3, less what it only tolerates.
std::optional<Refusal> frame_answer(const HeadFields& fields, bool http_1_1, bool answers_head, Framing& framing) {
  const bool never_has_body = framing.status < 200 || framing.status == 204;
  if (auto refusal = fields.frame(http_1_1, framing)) return refusal;
  if (never_has_body && framing.body != Body::none) return Refusal{400, "a body where none may be"};
  if (never_has_body || answers_head || framing.status == 304) {
    framing.body = Body::none;
    framing.length = 0;
    return std::nullopt;
  }
  if (framing.body != Body::none || fields.has_length) return std::nullopt;
  if (framing.keep_alive) return Refusal{400, "nothing says where the body ends"};
  framing.body = Body::until_close;
  return std::nullopt;
}

} // namespace

Checked<Framing> check_request_head(std::string_view head) {
  Framing framing;
  bool http_1_1 = false;
  const auto line = first_line(head);
  if (!line) return Refusal{400, "the head has no first line"};
  if (auto refusal = check_request_line(*line, http_1_1, framing)) return *refusal;
  HeadFields fields;
  if (auto refusal = fields.read(head)) return *refusal;
  if (http_1_1 && fields.hosts == 0) return Refusal{400, "no Host"};
  if (auto refusal = fields.frame(http_1_1, framing)) return *refusal;
  if (fields.expects_other) return Refusal{417, "an expectation other than 100-continue"};
  framing.keep_alive = http_1_1 && !fields.close;
  framing.expects_continue = http_1_1 && fields.expects_continue;
  return framing;
}

Checked<Framing> check_answer_head(std::string_view head, bool answers_head_request) {
  Framing framing;
  bool http_1_1 = false;
  const auto line = first_line(head);
  if (!line) return Refusal{400, "the head has no first line"};
  if (auto refusal = check_status_line(*line, http_1_1, framing)) return *refusal;
  HeadFields fields;
  if (auto refusal = fields.read(head)) return *refusal;
  framing.keep_alive = http_1_1 && !fields.close;
  if (auto refusal = frame_answer(fields, http_1_1, answers_head_request, framing)) return *refusal;
  if (fields.content_encoded) return Refusal{400, "the body is compressed, which was not asked for"};
  return framing;
}

void lower_case_names(std::string& head) {
  auto at = head.find("\r\n");
  while (at != std::string::npos && at + 4 <= head.size()) {
    for (at += 2; at < head.size() && head[at] != ':' && head[at] != '\r'; ++at) head[at] = lower(head[at]);
    at = head.find("\r\n", at);
  }
}

} // namespace plugboard::http
