// What a logout token must say (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6), once its signature was checked.
// [any thread]
#pragma once

#include "plugins/jwt/jws.hpp"
#include "plugins/oidc/settings.hpp"

#include <plugboard/types.hpp>

#include <cstdint>
#include <string>

namespace oidc {

jwt::TokenTypes logout_token_types(const Settings& settings);

struct LogoutClaims {
  plugboard::LoggedOut whose;
  std::string id;              // jti: never to be taken again
  std::int64_t good_until = 0; // unix seconds: until then it must be remembered
};

// token: verified. Failure: rejected, with the claim that is wrong.
plugboard::Result<LogoutClaims> read_logout(const jwt::Jws& token, const Settings& settings, std::int64_t now);

} // namespace oidc
