#include "plugins/jwt/algorithm.hpp"

#include <array>

namespace jwt {
namespace {

struct Named {
  Algorithm algorithm;
  std::string_view name;
  Family family;
  int hash_bits;
};

constexpr std::array kAll{
    Named{Algorithm::hs256, "HS256", Family::hmac, 256},    Named{Algorithm::hs384, "HS384", Family::hmac, 384},
    Named{Algorithm::hs512, "HS512", Family::hmac, 512},    Named{Algorithm::rs256, "RS256", Family::rsa, 256},
    Named{Algorithm::ps256, "PS256", Family::rsa_pss, 256}, Named{Algorithm::es256, "ES256", Family::ecdsa, 256},
    Named{Algorithm::eddsa, "EdDSA", Family::eddsa, 512},   Named{Algorithm::rs384, "RS384", Family::rsa, 384},
    Named{Algorithm::rs512, "RS512", Family::rsa, 512},     Named{Algorithm::ps384, "PS384", Family::rsa_pss, 384},
    Named{Algorithm::ps512, "PS512", Family::rsa_pss, 512}, Named{Algorithm::es384, "ES384", Family::ecdsa, 384},
    Named{Algorithm::es512, "ES512", Family::ecdsa, 512}};

constexpr const Named& entry_of(Algorithm algorithm) {
  for (const auto& each : kAll)
    if (each.algorithm == algorithm) return each;
  return kAll.front(); // not reached: all are there
}

} // namespace

Family family_of(Algorithm algorithm) {
  return entry_of(algorithm).family;
}

int hash_bits(Algorithm algorithm) {
  return entry_of(algorithm).hash_bits;
}

std::optional<Algorithm> algorithm_named(std::string_view name) {
  if (name == "Ed25519") return Algorithm::eddsa;
  for (const auto& each : kAll)
    if (each.name == name) return each.algorithm;
  return std::nullopt;
}

std::string_view name_of(Algorithm algorithm) {
  return entry_of(algorithm).name;
}

std::vector<Algorithm> public_key_algorithms() {
  std::vector<Algorithm> all;
  for (const auto& each : kAll)
    if (each.family != Family::hmac) all.push_back(each.algorithm);
  return all;
}

} // namespace jwt
