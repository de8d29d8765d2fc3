#include "plugins/oidc/logout_token.hpp"

#include "plugins/jwt/claims.hpp"
#include "plugins/oidc/id_token.hpp"

#include <optional>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::Status;

constexpr std::int64_t kMostAge = 600; // seconds since iat: a logout is told when it happens
constexpr char kEvent[] = "http://schemas.openid.net/event/backchannel-logout";

Failure rejected(std::string why) {
  return Failure{Status::rejected, "the logout token " + std::move(why)};
}

std::string fault_of_purpose(const jwt::Value& claims) {
  const auto* events = jwt::member(claims, "events");
  const auto* event = events ? jwt::member(*events, kEvent) : nullptr;
  if (!event || !event->IsObject()) return "does not tell of a logout (events)";
  if (jwt::member(claims, "nonce")) return "has a nonce: it was made to be an ID token";
  return {};
}

std::string text_of(const jwt::Value& claims, const char* name) {
  const auto* value = jwt::member(claims, name);
  return value && value->IsString() ? jwt::name_in(*value).value_or("") : std::string();
}

} // namespace

jwt::TokenTypes logout_token_types(const Settings& settings) {
  if (settings.untyped_logout_tokens) return {{"logout+jwt", "jwt"}, true};
  return {{"logout+jwt"}, false};
}

plugboard::Result<LogoutClaims> read_logout(const jwt::Jws& token, const Settings& settings, std::int64_t now) {
  jwt::Document claims;
  if (auto fault = jwt::read_json_object(token.payload, claims)) return rejected(*fault);
  for (const auto& fault : {fault_of_parties(claims, settings), fault_of_purpose(claims)})
    if (!fault.empty()) return rejected(fault);
  auto times = jwt::check_times(claims, {settings.leeway_s, kMostAge}, now);
  if (!times) return times.failure();
  LogoutClaims logout;
  logout.whose = {settings.issuer, text_of(claims, "sub"), text_of(claims, "sid")};
  logout.id = text_of(claims, "jti");
  logout.good_until = times->expires_at + settings.leeway_s;
  if (logout.whose.subject.empty() && logout.whose.session.empty()) return rejected("names neither sub nor sid");
  for (const char* name : {"sub", "sid"})
    if (jwt::member(claims, name) && text_of(claims, name).empty())
      return rejected(std::string("has a ") + name + " that is no name");
  if (logout.id.empty()) return rejected("has no name of its own (jti)");
  return logout;
}

} // namespace oidc
