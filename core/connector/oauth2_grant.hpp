// One request for an access token and what it was answered with, as RFC 6749 writes them. Pure. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"

#include <plugboard/host_http.h>
#include <plugboard/host_oauth2.h>

#include <cstdint>
#include <optional>
#include <string>

namespace plugboard::connector {

struct Oauth2Client { // as plugboard_oauth2_client
  std::string token_url, client_id;
  std::string client_secret, refresh_token; // handles; may be empty
  std::string scope, audience, resource;
  bool basic = false;

  std::string key() const; // the same for the same words, and for no others
};

std::optional<Oauth2Client> read_oauth2_client(const plugboard_oauth2_client* raw); // none: it is unusable

// The request's body, and its Authorization header, "" for none.
Secret token_form(const Oauth2Client& client, const Secret& client_secret, const Secret& refresh_token);
Secret token_authorization(const Oauth2Client& client, const Secret& client_secret);

struct TokenAnswer {
  std::int32_t error = 0; // as plugboard_oauth2_token's
  std::string message;
  Duration retry_after{};
  Secret access_token, refresh_token; // refresh_token: a new one; empty: the old one stays
  Duration life{};
};

TokenAnswer read_token_answer(const plugboard_http_response& response);

} // namespace plugboard::connector
