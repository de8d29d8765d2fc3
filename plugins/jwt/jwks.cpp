// Key sets as issuers publish them. A key that this plugin can't or must not use is left out with a sentence, as RFC
// 7517 asks; the rest stays usable.
#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/key_set.hpp"
#include "plugins/jwt/strict_json.hpp"

#include <algorithm>

namespace jwt {
namespace {

using plugboard::Failure;
using plugboard::Result;
using plugboard::Status;

constexpr std::size_t kMaxBytes = 256 * 1024;
constexpr std::size_t kMaxKeys = 64;

Failure unusable(std::string why) {
  return Failure{Status::failed, std::move(why)};
}

std::string number(const Value& jwk, std::string_view name) {
  auto text = text_member(jwk, name);
  auto bytes = text ? decode_base64url(*text) : std::nullopt;
  return bytes ? std::move(*bytes) : std::string();
}

bool may_verify(const Value& jwk) {
  if (auto* use = member(jwk, "use"); use && !(use->IsString() && text_of(*use) == "sig")) return false;
  auto* operations = member(jwk, "key_ops");
  if (!operations) return true;
  return operations->IsArray() && std::any_of(operations->Begin(), operations->End(), [](const auto& each) {
           return each.IsString() && text_of(each) == "verify";
         });
}

// What kty and crv make possible; empty for a kind of key that is not for us.
std::vector<Algorithm> possible(const Value& jwk) {
  auto kty = text_member(jwk, "kty");
  auto crv = text_member(jwk, "crv");
  if (kty == "RSA")
    return {Algorithm::rs256, Algorithm::ps256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps384, Algorithm::ps512};
  if (kty == "EC" && crv == "P-256") return {Algorithm::es256};
  if (kty == "EC" && crv == "P-384") return {Algorithm::es384};
  if (kty == "EC" && crv == "P-521") return {Algorithm::es512};
  if (kty == "OKP" && crv == "Ed25519") return {Algorithm::eddsa};
  return {};
}

Result<Algorithm> algorithm_of(const Value& jwk, const std::vector<Algorithm>& allowed) {
  auto candidates = possible(jwk);
  if (candidates.empty())
    return unusable("its kty and crv are none of RSA, EC with P-256, P-384 or P-521, OKP with Ed25519");
  if (auto* alg = member(jwk, "alg")) {
    auto named = alg->IsString() ? algorithm_named(text_of(*alg)) : std::nullopt;
    std::erase_if(candidates, [&](Algorithm each) { return each != named; });
    if (candidates.empty()) return unusable("its alg is unknown or does not fit its kty and crv");
  }
  auto chosen = std::find_first_of(allowed.begin(), allowed.end(), candidates.begin(), candidates.end());
  if (chosen == allowed.end()) return unusable("its algorithm is not among those that the configuration allows");
  return *chosen;
}

Result<Key> read_jwk(const Value& jwk, const std::vector<Algorithm>& allowed) {
  if (!jwk.IsObject()) return unusable("it is not an object");
  if (member(jwk, "d") || member(jwk, "k"))
    return unusable("it holds a secret, which has no place in a key set: replace the key at the issuer");
  if (!may_verify(jwk)) return unusable("it is not for checking signatures (use, key_ops)");
  auto algorithm = algorithm_of(jwk, allowed);
  if (!algorithm) return algorithm.failure();
  switch (family_of(*algorithm)) {
  case Family::ecdsa:
    return Key::ecdsa(*algorithm, number(jwk, "x"), number(jwk, "y"));
  case Family::eddsa:
    return Key::eddsa(number(jwk, "x"));
  default:
    return Key::rsa(*algorithm, number(jwk, "n"), number(jwk, "e"));
  }
}

} // namespace

Result<ReadKeySet> read_jwks(std::string_view json, const std::vector<Algorithm>& allowed) {
  if (json.size() > kMaxBytes) return unusable("it is larger than 256 KiB");
  Document document;
  if (auto fault = read_json_object(json, document)) return unusable("it " + *fault);
  auto* keys = member(document, "keys");
  if (!keys || !keys->IsArray()) return unusable("it has no array \"keys\"");
  if (keys->Size() > kMaxKeys) return unusable("it has more than 64 keys");
  ReadKeySet read;
  for (const auto& jwk : keys->GetArray()) {
    auto kid = text_member(jwk, "kid");
    std::string named = kid ? "the key " + in_quotes(*kid) : "a key without kid";
    auto key = read_jwk(jwk, allowed);
    if (!key) {
      read.ignored.push_back(named + " is left out: " + key.failure().message);
    } else if (!read.keys.add(kid ? std::optional<std::string>(*kid) : std::nullopt, std::move(*key))) {
      return unusable(named + " is in it twice");
    }
  }
  if (!read.keys.empty()) return read;
  return unusable(read.ignored.empty() ? "it has no keys" : "none of its keys can be used; " + read.ignored.front());
}

} // namespace jwt
