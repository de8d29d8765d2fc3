// What an ID token must say to be a proof (OpenID Connect Core 1.0, 3.1.3.7), once its signature was checked.
// [any thread]
#pragma once

#include "plugins/jwt/jws.hpp"
#include "plugins/jwt/strict_json.hpp"
#include "plugins/oidc/settings.hpp"

#include <plugboard/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace oidc {

// An access token, a logout token, anything that says what else it is, is no ID token.
jwt::TokenTypes id_token_types();

struct Expected {                   // of this login
  std::optional<std::string> nonce; // none: not held against one
  std::optional<std::int64_t> max_age_s;
  std::vector<std::string> acr_values;
  std::string access_token; // that came with it; empty: none did
};

// token: verified. Failure: rejected, with the claim that is wrong.
plugboard::Result<plugboard::Proof> proof_of(const jwt::Jws& token, const Expected& expected, const Settings& settings,
                                             std::int64_t now);

// iss, aud and azp, which every token of the provider for this client has. "" or what is wrong.
std::string fault_of_parties(const jwt::Value& claims, const Settings& settings);

} // namespace oidc
