// What a login at a provider is made of: the first line says which part the rest is. A callback, the state between the
// steps, metadata, the answer to a code, claims of an ID token or a logout token whose signature was good. Whatever
// comes in, what comes out is this provider's, for this client, and a name that is one.
#include "plugins/oidc/begun.hpp"
#include "plugins/oidc/callback.hpp"
#include "plugins/oidc/code_exchange.hpp"
#include "plugins/oidc/id_token.hpp"
#include "plugins/oidc/logout_token.hpp"
#include "plugins/oidc/metadata.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::string_view kBack = "https://chat.example/back";

const oidc::Settings& settings() {
  static const oidc::Settings kSettings = oidc::read_settings(
      R"({"issuer": "https://id.example", "client_id": "hub", "redirect_uris": ["https://chat.example/back"],
          "identifiers": {"email": {"claim": "email", "verified_claim": "email_verified"}},
          "assurance": {"acr": {"gold": "aal2"}, "two_factors": "aal3"}})");
  return kSettings;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 512) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

void try_callback(std::string_view text) {
  const auto callback = oidc::read_callback(text, kBack);
  if (!callback) return require(callback.failure().status == Status::rejected, "a callback is taken or rejected");
  const auto scheme = text.find("://");
  const bool is_url = scheme != text.npos && scheme < text.find_first_of("?&=#");
  require(!is_url || text.starts_with(kBack), "it came back to the redirect URI");
  for (const auto* value : {&callback->code, &callback->state, &callback->issuer, &callback->error})
    for (const char c : *value) require(static_cast<unsigned char>(c) >= 0x20, "no value has a control character");
}

void try_begun(std::string_view text) {
  const auto begun = oidc::read_begun(text);
  if (!begun) return;
  require(!begun->state.empty() && !begun->nonce.empty() && !begun->verifier.empty(), "a login has its secrets");
  const auto again = oidc::read_begun(oidc::to_text(*begun));
  require(again && again->state == begun->state && again->redirect_uri == begun->redirect_uri &&
              again->max_age_s == begun->max_age_s && again->acr_values == begun->acr_values,
          "what is written is read as the same");
}

void try_metadata(std::string_view text) {
  const auto metadata = oidc::read_metadata(text, "https://id.example");
  if (!metadata) return require(!metadata.failure().message.empty(), "a refusal says why");
  for (const auto* place : {&metadata->authorization_endpoint, &metadata->token_endpoint, &metadata->jwks_uri})
    require(oidc::is_provider_url(*place), "they lead nowhere in the clear");
}

void try_tokens(std::string_view status, std::string_view body) {
  plugboard_http_response raw{};
  raw.p = PLUGBOARD_PREFIX(plugboard_http_response);
  raw.error = PLUGBOARD_OK;
  raw.status = status == "tokens" ? 200 : 400;
  raw.body = str(body);
  const auto tokens = oidc::read_tokens(HttpResponse(raw));
  if (tokens) return require(raw.status == 200 && !tokens->id_token.empty(), "there is an ID token");
  for (const char c : tokens.failure().message) require(c >= ' ' && c <= '~', "what is said of it is plain text");
}

void try_claims(std::string_view claims) {
  const jwt::Jws token{jwt::Algorithm::es256, std::nullopt, "e30.e30", std::string(claims), "x"};
  const oidc::Expected expected{.nonce = "n", .max_age_s = std::nullopt, .acr_values = {}, .access_token = "access"};
  const auto proof = oidc::proof_of(token, expected, settings(), kNow);
  if (!proof) return require(proof.failure().status == Status::rejected, "claims prove something or are rejected");
  require(proof->issuer == "https://id.example" && is_name(proof->subject), "a proof names a customer of the issuer");
  require(proof->session.empty() || is_name(proof->session), "a session is a name");
  require(proof->authenticated_at >= 1 && proof->authenticated_at <= kNow, "it was proved before now");
  require(proof->methods.size() <= 9 && proof->methods.front() == "oidc", "it says how");
}

void try_logout(std::string_view claims) {
  const jwt::Jws token{jwt::Algorithm::es256, std::nullopt, "e30.e30", std::string(claims), "x"};
  const auto logout = oidc::read_logout(token, settings(), kNow);
  if (!logout) return require(logout.failure().status == Status::rejected, "a logout is taken or rejected");
  require(is_name(logout->id), "it has a name of its own");
  require(!logout->whose.subject.empty() || !logout->whose.session.empty(), "it says whose");
  require(claims.find("backchannel-logout") != claims.npos || claims.find('\\') != claims.npos, "it tells of a logout");
}

} // namespace

void fuzz(std::string_view input) {
  const auto part = take_line(input);
  if (part == "callback") return try_callback(input);
  if (part == "begun") return try_begun(input);
  if (part == "metadata") return try_metadata(input);
  if (part == "tokens" || part == "refusal") return try_tokens(part, input);
  if (part == "claims") return try_claims(input);
  if (part == "logout") return try_logout(input);
}

} // namespace plugboard::fuzz
