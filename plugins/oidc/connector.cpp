#include "plugins/oidc/connector.hpp"

#include "plugins/oidc/callback.hpp"
#include "plugins/oidc/code_exchange.hpp"
#include "plugins/oidc/digest.hpp"
#include "plugins/oidc/logout_token.hpp"

#include <plugboard/text.hpp>

#include <utility>

namespace oidc {

using plugboard::Call;
using plugboard::Challenge;
using plugboard::Failure;
using plugboard::HttpResponse;
using plugboard::Request;
using plugboard::Result;
using plugboard::Status;

namespace {

constexpr std::int64_t kLoginTime = 600; // seconds for the customer to log in

Failure rejected(std::string why) {
  return Failure{Status::rejected, std::move(why)};
}

// The one member of a credential that has no other.
std::optional<std::string_view> only_member(const jwt::Value& credential, const char* name) {
  return credential.MemberCount() == 1 ? jwt::text_member(credential, name) : std::nullopt;
}

std::optional<Failure> refusal_of(const Callback& callback, const Begun& begun, const Known& known,
                                  const Settings& settings) {
  if (!is_same_secret(callback.state, begun.state)) return rejected("the callback is not this login's (state)");
  if (callback.issuer.empty() ? known.metadata.names_itself_in_callbacks : callback.issuer != settings.issuer)
    return rejected("the callback is not this provider's (iss): it may have been mixed up with another's");
  if (!callback.error.empty())
    return rejected("the provider did not log the customer in: " + jwt::in_quotes(callback.error));
  if (callback.code.empty()) return rejected("the callback has no code");
  return std::nullopt;
}

} // namespace

Connector::Connector(plugboard::Host host, std::string_view config, Senses senses)
    : host_(host), settings_(read_settings(config)), senses_(std::move(senses)), provider_(host_, settings_, senses_) {}

void Connector::authenticate(const Request& request, Call call) {
  jwt::Document credential;
  if (auto fault = jwt::read_json_object(request.credential(), credential))
    return call.fail(rejected("the credential " + *fault));
  if (!request.state().empty()) return finish(credential, request.state(), std::move(call));
  if (jwt::member(credential, "id_token")) return take_id_token(credential, std::move(call));
  open(credential, request, std::move(call));
}

void Connector::open(const jwt::Value& credential, const Request& request, Call call) {
  auto wish = read_wish(credential, settings_);
  if (!wish) return call.fail(wish.failure());
  wish->language = request.language();
  provider_.know(request.cancelled(), [this, wish = *wish,
                                       asked = std::make_shared<Call>(std::move(call))](const Result<Known>& found) {
    if (!found) return asked->fail(found.failure());
    const Begun begun = begin(wish, senses_);
    const std::string url = authorization_url(found->metadata, settings_, wish, begun);
    asked->complete(Challenge{to_text(begun), "{\"type\":\"redirect\",\"url\":" + plugboard::json_string(url) + "}",
                              senses_.now() + kLoginTime});
  });
}

void Connector::finish(const jwt::Value& credential, std::string_view state, Call call) {
  const auto begun = read_begun(state);
  const auto text = only_member(credential, "callback");
  if (!begun || !text) return call.fail(rejected("the credential is not {\"callback\": \"...\"}"));
  auto callback = read_callback(*text, begun->redirect_uri);
  if (!callback) return call.fail(callback.failure());
  const auto cancelled = call.request().cancelled();
  provider_.know(cancelled, [this, begun = *begun, callback = *callback,
                             asked = std::make_shared<Call>(std::move(call))](const Result<Known>& found) {
    if (!found) return asked->fail(found.failure());
    if (const auto refusal = refusal_of(callback, begun, *found, settings_)) return asked->fail(*refusal);
    exchange(found->metadata, begun, callback.code, std::move(*asked));
  });
}

void Connector::exchange(const Metadata& metadata, const Begun& begun, const std::string& code, Call call) {
  plugboard::HttpRequest request;
  auto make = [&](std::string_view secret) { request = code_request(metadata, settings_, begun, code, secret); };
  if (settings_.client_auth == ClientAuth::none)
    make({});
  else if (!host_.with_secret(settings_.secret_handle, make))
    return call.fail(Status::failed, "the hub has no secret for client_secret");
  host_.send(request, std::move(call), [this, begun](Call asked, const HttpResponse& response) {
    auto tokens = read_tokens(response);
    if (!tokens) return asked.fail(tokens.failure());
    prove(tokens->id_token, {begun.nonce, begun.max_age_s, begun.acr_values, tokens->access_token}, std::move(asked));
  });
}

void Connector::take_id_token(const jwt::Value& credential, Call call) {
  if (settings_.id_tokens == DirectTokens::refused)
    return call.fail(rejected("an ID token was brought, and the configuration does not allow id_tokens"));
  const bool with_nonce = settings_.id_tokens == DirectTokens::with_nonce;
  const auto token = jwt::text_member(credential, "id_token");
  const auto nonce = jwt::text_member(credential, "nonce");
  if (!token || with_nonce != (nonce && !nonce->empty()) || credential.MemberCount() != (with_nonce ? 2U : 1U))
    return call.fail(rejected(with_nonce ? R"(the credential is not {"id_token": "...", "nonce": "..."})"
                                         : R"(the credential is not {"id_token": "..."})"));
  Expected expected;
  if (with_nonce) expected.nonce = *nonce;
  prove(std::string(*token), std::move(expected), std::move(call));
}

void Connector::prove(const std::string& id_token, Expected expected, Call call) {
  const auto cancelled = call.request().cancelled();
  check(id_token, id_token_types(), cancelled,
        [this, expected = std::move(expected),
         asked = std::make_shared<Call>(std::move(call))](const Result<jwt::Jws>& checked) {
          if (!checked) return asked->fail(checked.failure());
          auto proof = proof_of(*checked, expected, settings_, senses_.now());
          if (!proof) return asked->fail(proof.failure());
          asked->complete(*proof);
        });
}

void Connector::check(const std::string& text, const jwt::TokenTypes& types, const std::stop_token& cancelled,
                      Checked then) {
  auto token = jwt::read_jws(text, types);
  if (!token) return then(token.failure());
  provider_.know(cancelled, [this, token = *token, cancelled, then = std::move(then)](const Result<Known>& found) {
    if (!found) return then(found.failure());
    const auto verified = found->keys->verified(token);
    // The key of a kid is what it is; a token that names none may be signed with a newer one.
    if (verified || (token.kid && found->keys->knows(token.kid))) return then(verified);
    provider_.know_newer_keys(cancelled, [token, then](const Result<Known>& newer) {
      then(newer ? newer->keys->verified(token) : Result<jwt::Jws>(newer.failure()));
    });
  });
}

void Connector::logout(const Request& request, Call call) {
  jwt::Document credential;
  if (auto fault = jwt::read_json_object(request.credential(), credential))
    return call.fail(rejected("the credential " + *fault));
  const auto text = only_member(credential, "logout_token");
  if (!text) return call.fail(rejected("the credential is not {\"logout_token\": \"...\"}"));
  check(std::string(*text), logout_token_types(settings_), request.cancelled(),
        [this, asked = std::make_shared<Call>(std::move(call))](const Result<jwt::Jws>& checked) {
          if (!checked) return asked->fail(checked.failure());
          take_logout(*checked, *asked);
        });
}

void Connector::take_logout(const jwt::Jws& token, Call& call) {
  auto logout = read_logout(token, settings_, senses_.now());
  if (!logout) return call.fail(logout.failure());
  switch (seen_.take(logout->id, logout->good_until, senses_.now())) {
  case Seen::Answer::again:
    return call.fail(rejected("the logout token was taken already (jti)"));
  case Seen::Answer::full:
    return call.fail(Status::busy, "more logout tokens came than can be remembered");
  case Seen::Answer::fresh:
    break;
  }
  call.complete(logout->whose);
}

} // namespace oidc
