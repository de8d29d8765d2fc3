#include "core/http/call_writer.hpp"

#include "core/http/characters.hpp"

#include <algorithm>
#include <array>

namespace plugboard::http {
namespace {

// What decides framing and the connection's life, or asks for what the reader does not take.
constexpr std::array<std::string_view, 11> kOurs{
    "host",   "content-length",   "transfer-encoding", "connection",     "te", "trailer", "upgrade",
    "expect", "proxy-connection", "keep-alive",        "accept-encoding"};

bool is_ours(std::string_view name) {
  return std::any_of(kOurs.begin(), kOurs.end(), [&](auto ours) { return equals_any_case(name, ours); });
}

} // namespace

Result<void> check_call(const Call& call) {
  if (!is_token(call.method) || call.method == "CONNECT")
    return fail(Code::invalid_argument, "the method of a call is not one that can be sent");
  if (!is_origin_target(call.url.target))
    return fail(Code::invalid_argument, "the target of a call holds a character that must be percent-encoded");
  for (const auto& header : call.headers) {
    if (!is_token(header.name)) return fail(Code::invalid_argument, "a call has a header whose name is not one");
    if (!is_field_value(header.value))
      return fail(Code::invalid_argument, "the header '" + header.name + "' of a call holds a control character");
    if (is_ours(header.name))
      return fail(Code::invalid_argument, "the header '" + header.name + "' of a call is the hub's own to set");
  }
  return {};
}

bool says_length(const Call& call) {
  return !call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH";
}

void write_call(const Call& call, std::string_view host, std::string& out) {
  out.clear();
  out.reserve(256 + call.url.target.size() + call.body.size());
  out.append(call.method).append(" ").append(call.url.target).append(" HTTP/1.1\r\nhost: ");
  out.append(host).append("\r\n");
  for (const auto& header : call.headers) out.append(header.name).append(": ").append(header.value).append("\r\n");
  if (says_length(call)) out.append("content-length: ").append(std::to_string(call.body.size())).append("\r\n");
  out.append("\r\n").append(call.body);
}

} // namespace plugboard::http
