#include "plugins/oidc/id_token.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/claims.hpp"
#include "plugins/oidc/digest.hpp"

#include <algorithm>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::Proof;
using plugboard::Result;
using plugboard::Status;

constexpr std::size_t kMostMethods = 8; // of amr
constexpr std::size_t kMostMethod = 64;
constexpr std::size_t kMostSession = 512;

Failure rejected(std::string why) {
  return Failure{Status::rejected, "the ID token " + std::move(why)};
}

std::string fault_of_login(const jwt::Value& claims, const Expected& expected) {
  if (jwt::member(claims, "events")) return "has events: it was made to tell of something else";
  if (expected.nonce) {
    const auto nonce = jwt::text_member(claims, "nonce");
    if (!nonce || !is_same_secret(*nonce, *expected.nonce)) return "has not the nonce of this login";
  }
  if (expected.acr_values.empty()) return {};
  const auto acr = jwt::text_member(claims, "acr");
  const auto& wanted = expected.acr_values;
  if (!acr || std::find(wanted.begin(), wanted.end(), *acr) == wanted.end())
    return "has not an acr of those that were asked for: the provider did not step up";
  return {};
}

// How long ago the customer was there, not how long ago the token was made.
std::string fault_of_age(const jwt::TokenTimes& times, const Expected& expected, const Settings& settings,
                         std::int64_t now) {
  if (!expected.max_age_s) return {};
  if (!times.authenticated_at) return "has no auth_time, and max_age was asked for";
  if (*times.authenticated_at + *expected.max_age_s + settings.leeway_s < now)
    return "tells of a login that is older than the max_age asked for";
  return {};
}

// The left half of the access token's hash (Core, 3.1.3.6): the two were made together.
std::string fault_of_at_hash(const jwt::Jws& token, const jwt::Value& claims, const std::string& access_token) {
  const auto* said = jwt::member(claims, "at_hash");
  if (!said || access_token.empty()) return {};
  std::string half = sha2(jwt::hash_bits(token.algorithm), access_token);
  half.resize(half.size() / 2);
  const bool fits = said->IsString() && is_same_secret(jwt::text_of(*said), jwt::encode_base64url(half));
  return fits ? "" : "was not made together with the access token (at_hash)";
}

std::vector<std::string> methods_of(const jwt::Value& claims) {
  std::vector<std::string> methods{"oidc"};
  const auto* amr = jwt::member(claims, "amr");
  if (!amr || !amr->IsArray()) return methods;
  for (const auto& each : amr->GetArray()) {
    const auto name = jwt::name_in(each);
    if (each.IsString() && name && name->size() <= kMostMethod && methods.size() <= kMostMethods)
      methods.push_back(*name);
  }
  return methods;
}

std::string session_of(const jwt::Value& claims) {
  const auto* sid = jwt::member(claims, "sid");
  const auto name = sid && sid->IsString() ? jwt::name_in(*sid) : std::nullopt;
  return name && name->size() <= kMostSession ? *name : std::string();
}

} // namespace

jwt::TokenTypes id_token_types() {
  return {{"jwt"}, true};
}

std::string fault_of_parties(const jwt::Value& claims, const Settings& settings) {
  if (jwt::text_member(claims, "iss") != settings.issuer) return "is another issuer's (iss)";
  if (!jwt::is_for(claims, {settings.client_id})) return "is not for this client (aud)";
  const auto* aud = jwt::member(claims, "aud");
  const auto* azp = jwt::member(claims, "azp");
  if (aud->IsArray() && aud->Size() > 1 && !azp) return "is for several, and does not say whom it was issued to (azp)";
  if (azp && !(azp->IsString() && jwt::text_of(*azp) == settings.client_id))
    return "was issued to another client (azp)";
  return {};
}

Result<Proof> proof_of(const jwt::Jws& token, const Expected& expected, const Settings& settings, std::int64_t now) {
  jwt::Document claims;
  if (auto fault = jwt::read_json_object(token.payload, claims)) return rejected(*fault);
  if (auto fault = fault_of_parties(claims, settings); !fault.empty()) return rejected(fault);
  const auto times = jwt::check_times(claims, {settings.leeway_s, std::nullopt}, now);
  if (!times) return times.failure();
  if (!times->issued_at) return rejected("does not say when it was issued (iat)");
  for (const auto& fault : {fault_of_login(claims, expected), fault_of_age(*times, expected, settings, now),
                            fault_of_at_hash(token, claims, expected.access_token)})
    if (!fault.empty()) return rejected(fault);
  const auto* subject = jwt::member(claims, "sub");
  const auto name = subject && subject->IsString() ? jwt::name_in(*subject) : std::nullopt;
  if (!name) return rejected("does not name the customer (sub)");
  Proof proof;
  proof.issuer = settings.issuer;
  proof.subject = *name;
  proof.assurance = jwt::assurance_of(claims, settings.assurance);
  proof.methods = methods_of(claims);
  // Never in the future, never 0: that would say that nobody knows.
  proof.authenticated_at =
      std::clamp<std::int64_t>(times->authenticated_at.value_or(*times->issued_at), 1, std::max<std::int64_t>(1, now));
  if (settings.session_ends_with_token) proof.expires_at = times->expires_at;
  proof.identifiers = jwt::identifiers_in(claims, settings.identifiers);
  proof.session = session_of(claims);
  return proof;
}

} // namespace oidc
