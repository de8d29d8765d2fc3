// Errors as clients see them: RFC 9457 problem+json with a stable type. The only place that knows which Error is which
// HTTP status; what a client may read is chosen here, the rest goes to the log.
#pragma once

#include "core/base/error.hpp"
#include "core/http/server.hpp"

#include <string>
#include <string_view>

namespace plugboard::api {

enum class Problem : std::uint8_t {
  malformed = 1,
  invalid_request,
  client_unknown,
  scope_missing,
  credential_rejected,
  not_found,
  method_not_allowed,
  session_unknown,
  conflict,
  too_large,
  overloaded_client, // 429: this client asks too much
  overloaded,        // 503: the hub can't now
  authentication_unavailable,
  audit_unavailable, // 503: it can't be put on record, so it is not done
  internal,
};

http::Response problem(Problem problem, std::string_view detail = {});

// 429, with when to come again.
http::Response too_many(std::string_view detail, std::int64_t seconds);
// 503, likewise.
http::Response overloaded(std::string_view detail, std::int64_t seconds);

// For what the floors below report about a request.
Problem problem_of(const Error& error);

// The same as an answer. What is wrong with a request is told in the error's words; all else is for operators.
http::Response refusal(const Error& error);

} // namespace plugboard::api
