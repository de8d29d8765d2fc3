// Holds a client to its rate and its quota, and tells it where it stands, in the headers RateLimit and RateLimit-Policy
// of draft-ietf-httpapi-ratelimit-headers. Costs an atomic exchange a limit; a client without limits pays nothing.
// [any thread]
#pragma once

#include "core/http/server.hpp"
#include "core/session/client.hpp"

namespace plugboard::api {

// Counts this request. True: go on; false: it was answered, 429 with when to come again. is_context: counts for the
// day's quota, too.
bool allow(const session::Client& client, bool is_context, const Clock& clock, http::Responder& responder);

} // namespace plugboard::api
