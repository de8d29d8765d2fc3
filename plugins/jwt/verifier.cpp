#include "plugins/jwt/verifier.hpp"

#include <algorithm>

namespace jwt {
namespace {

using plugboard::Failure;
using plugboard::Proof;
using plugboard::Result;
using plugboard::Status;

Failure rejected(std::string why) {
  return Failure{Status::rejected, std::move(why)};
}

} // namespace

Verifier::Verifier(Settings settings, UnixNow now) : settings_(std::move(settings)), now_(std::move(now)) {
  for (const auto& issuer : settings_.issuers) issuers_.push_back(std::make_unique<Issuer>(issuer));
}

// Which key to use is decided by iss, which is not yet believed: a false one only leads to a key that does not fit.
Result<const Issuer*> Verifier::issuer_of(const Value& claims) const {
  auto iss = text_member(claims, "iss");
  if (!iss) return rejected("the token does not say who issued it (iss)");
  auto found = std::find_if(issuers_.begin(), issuers_.end(),
                            [&](const auto& issuer) { return issuer->settings().name == *iss; });
  if (found == issuers_.end())
    return rejected("the token's issuer " + in_quotes(*iss) + " is not among the configured issuers");
  return static_cast<const Issuer*>(found->get());
}

Result<Proof> Verifier::verify(std::string_view token) const {
  auto jws = read_jws(token);
  if (!jws) return jws.failure();
  Document claims;
  if (auto fault = read_json_object(jws->payload, claims)) return rejected("the token's payload " + *fault);
  auto issuer = issuer_of(claims);
  if (!issuer) return issuer.failure();
  auto keys = (*issuer)->keys();
  if (!keys)
    return Failure{Status::failed, "no keys of the issuer " + in_quotes((*issuer)->settings().name) +
                                       " could be read yet: look at " + (*issuer)->settings().jwks_path};
  auto verified = keys->verified(std::move(*jws));
  if (!verified) return verified.failure();
  return proof_from(claims, **issuer);
}

Result<Proof> Verifier::proof_from(const Value& claims, const Issuer& issuer) const {
  std::int64_t now = now_();
  if (!is_for(claims, issuer.settings().audiences))
    return rejected("the token is not for this audience: its aud has none of the configured ones");
  auto times = check_times(claims, settings_.times, now);
  if (!times) return times.failure();
  for (const auto& path : settings_.require)
    if (!path.in(claims)) return rejected("the token lacks the required claim " + path.text());
  auto* subject = settings_.subject.in(claims);
  auto name = subject ? name_in(*subject) : std::nullopt;
  if (!name) return rejected("the token does not name the customer in " + settings_.subject.text());
  Proof proof;
  proof.issuer = issuer.settings().name;
  proof.subject = std::move(*name);
  proof.assurance = assurance_of(claims, settings_.assurance);
  proof.methods = {"jwt"};
  // Never in the future, never 0: that would say that nobody knows.
  auto said = times->authenticated_at.value_or(times->issued_at.value_or(now));
  proof.authenticated_at = std::clamp<std::int64_t>(said, 1, std::max<std::int64_t>(1, now));
  if (settings_.session_ends_with_token) proof.expires_at = times->expires_at;
  proof.identifiers = identifiers_in(claims, settings_.identifiers);
  return proof;
}

} // namespace jwt
