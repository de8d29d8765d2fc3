// What nghttp2 calls while it reads and writes, passed on to the Multiplex whose session it is. Internal to multiplex.
#pragma once

#include "core/http/multiplex.hpp"
#include "core/http/request_fields.hpp"

namespace plugboard::http {

nghttp2_session* open_session(Multiplex& multiplex, std::uint32_t streams_at_first); // the caller's to delete

// A request whose body, if it has one, its stream holds. The stream's number, or nghttp2's error.
std::int32_t submit(nghttp2_session& session, const RequestFields& fields, bool has_body);

} // namespace plugboard::http
