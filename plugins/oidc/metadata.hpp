// What a provider publishes of itself (OpenID Connect Discovery 1.0, RFC 8414). A value. [any thread]
#pragma once

#include <plugboard/types.hpp>

#include <string>
#include <string_view>

namespace oidc {

struct Metadata {
  std::string authorization_endpoint, token_endpoint, jwks_uri;
  bool names_itself_in_callbacks = false; // RFC 9207: then a callback without iss is not its own
};

std::string discovery_url(std::string_view issuer);

// Failure: upstream_malformed, with what is wrong; the document speaks for `issuer` or for nobody.
plugboard::Result<Metadata> read_metadata(std::string_view json, std::string_view issuer);

} // namespace oidc
