// Sessions in the API's words. Pure.
#pragma once

#include "core/connector/connector.hpp"
#include "core/session/sessions.hpp"

#include <string>

namespace plugboard::api {

// As it is at this moment. token empty: an introspection's answer, with "active": true and without the token.
std::string session_page(const session::Session& session, WallTime now, std::string_view token);

// What a client is to send on to its customer, and the token to go on with. challenge: a JSON object, read before.
std::string challenge_page(std::string_view token, std::string_view challenge, WallTime expires_at);

std::string handoff_page(const session::HandedOff& handed);

// What a plugin proved, in our words. Times from the future are brought back to now.
session::Proved proved_from(connector::Proof proof, std::string tenant, WallTime now);

} // namespace plugboard::api
