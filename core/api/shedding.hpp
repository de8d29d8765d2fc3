// A client that asks for many sessions that are none is kept from the store until it has asked for fewer: what is in
// memory it still gets. So nobody else pays for tokens that somebody makes up. Pure but for the client's own count.
// [any thread]
#pragma once

#include "core/http/server.hpp"
#include "core/session/client.hpp"
#include "core/session/sessions.hpp"

namespace plugboard::api {

void count_unknown(const session::Client& client, Instant now); // it asked for a session that is none

// True: this request would ask the store for a session, or may, and the client has asked for too many that are none.
bool sheds(const session::Client& client, const session::Sessions& sessions, const http::Request& request, Instant now);

} // namespace plugboard::api
