// Who goes on guessing at one customer's proof from one place waits, and so does who guesses right at last; the same
// customer from elsewhere, and everybody else, does not. Where the client does not say where the customer is, the place
// is the client's own address. [any thread]
#pragma once

#include "core/base/identifier.hpp"
#include "core/http/server.hpp"
#include "core/session/bad_tries.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::api {

struct Attempt { // one login
  std::string tenant, connector, source;
};

constexpr std::string_view kSourceForm = "must be where the customer is, as you see it: an address, 1 to 64 characters";

std::string source_of(const http::Request& request, const std::string& said); // said: by the client; may be ""

void count_guess(session::BadTries& tries, const Attempt& attempt, const Identifier& tried, Instant now);

// 429, when too much was guessed at any of these.
std::optional<http::Response> too_many_guesses(const session::BadTries& tries, const Attempt& attempt,
                                               const std::vector<Identifier>& customer, Instant now);

} // namespace plugboard::api
