// The words of POST /v1/sessions, read strictly and owned: a first step, the next one, or a client's own word. Not yet
// held against configuration or scopes.
#pragma once

#include "core/json/reader.hpp"

#include <string>

namespace plugboard::api {

struct LoginAsk {
  enum class Kind : std::uint8_t { first_step = 1, next_step, asserted };
  Kind kind = Kind::first_step;
  std::string connector;   // of a first step
  std::string session;     // of a first step: it is a step-up of this one; may be empty
  std::string continuing;  // of a next step: the token that goes on
  std::string credential;  // of both: a JSON object
  std::string source;      // of both: where the customer is, as the client sees it; may be empty
  std::string type, value; // that the client vouches for
};

// Error: invalid_argument with the JSON Pointer and what to do.
Result<LoginAsk> read_login_ask(json::Value body);

} // namespace plugboard::api
