#include "core/http/request_fields.hpp"

#include "core/http/call_writer.hpp"
#include "core/http/characters.hpp"
#include "core/http/origin.hpp"

namespace plugboard::http {

RequestFields::RequestFields(const Call& call) : authority_(host_header(call.url.origin)) {
  fields_.reserve(call.headers.size() + 5);
  add(":method", call.method);
  add(":scheme", call.url.origin.tls ? "https" : "http");
  add(":authority", authority_);
  add(":path", call.url.target);
  for (const auto& header : call.headers) add(header.name, without_blanks_around(header.value));
  if (!says_length(call)) return;
  length_ = std::to_string(call.body.size());
  add("content-length", length_);
}

// nghttp2 copies both, makes the name lower case, and keeps what is secret (authorization) out of its table.
void RequestFields::add(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data())); // never written to
  };
  fields_.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
}

} // namespace plugboard::http
