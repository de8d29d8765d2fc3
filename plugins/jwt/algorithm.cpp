#include "plugins/jwt/algorithm.hpp"

namespace jwt {

std::optional<Algorithm> algorithm_named(std::string_view name) {
  if (name == "HS256") return Algorithm::hs256;
  if (name == "RS256") return Algorithm::rs256;
  if (name == "PS256") return Algorithm::ps256;
  if (name == "ES256") return Algorithm::es256;
  if (name == "EdDSA" || name == "Ed25519") return Algorithm::eddsa;
  return std::nullopt;
}

std::string_view name_of(Algorithm algorithm) {
  switch (algorithm) {
  case Algorithm::hs256:
    return "HS256";
  case Algorithm::rs256:
    return "RS256";
  case Algorithm::ps256:
    return "PS256";
  case Algorithm::es256:
    return "ES256";
  case Algorithm::eddsa:
    return "EdDSA";
  }
  return "?";
}

std::vector<Algorithm> public_key_algorithms() {
  return {Algorithm::rs256, Algorithm::ps256, Algorithm::es256, Algorithm::eddsa};
}

} // namespace jwt
