// What contexts and prefetches have in common: from words, session and policy to what context/ is asked. Pure.
#pragma once

#include "core/api/agent_api.hpp"
#include "core/api/context_ask.hpp"
#include "core/context/request.hpp"

#include <vector>

namespace plugboard::api {

struct AskedOf { // views of what the request holds
  const Visit& visit;
  const ContextAsk& ask;
  const session::Session& session;
};

// The body's words, with the client's own purpose where they name none. Error: for refusal().
Result<ContextAsk> read_ask(const http::Request& request, const Visit& visit, json::Reader& reader);

// What the session brings, in so far as it still names somebody: what means nobody may have been added since.
std::vector<Identifier> known_identifiers(const Generation& generation, const session::Session& session);

policy::Sight sight_of(policy::Views& views, const AskedOf& of, WallTime now);

context::Request request_for(const AskedOf& of, const std::string& context_id, Instant received, Assurance proved,
                             std::vector<context::AskedSection> asked);

} // namespace plugboard::api
