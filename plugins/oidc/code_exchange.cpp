#include "plugins/oidc/code_exchange.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <plugboard/text.hpp>

#include <openssl/evp.h>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::percent_encoded;
using plugboard::Status;

std::string base64(std::string_view text) { // with padding, as HTTP's Basic has it
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Failure of_error(const plugboard::HttpResponse& response) {
  jwt::Document document;
  const bool readable = !jwt::read_json_object(response.body(), document);
  const auto error = readable ? jwt::text_member(document, "error") : std::nullopt;
  if (error == "invalid_grant")
    return {Status::rejected, "the provider does not take the code: it was used, is too old, or is not this login's"};
  const std::string said = "the provider's token endpoint answered " + std::to_string(response.status()) +
                           (error ? " " + jwt::in_quotes(*error) : "");
  if (error == "invalid_client" || response.status() == 401)
    return {Status::upstream_unauthorized, said + ": client_id, client_secret or client_auth is not what it knows"};
  if (response.status() == 429) return {Status::upstream_rate_limited, said};
  if (response.status() >= 500) return {Status::upstream_failed, said};
  return {Status::upstream_refused, said};
}

} // namespace

plugboard::HttpRequest code_request(const Metadata& metadata, const Settings& settings, const Begun& begun,
                                    std::string_view code, std::string_view secret) {
  plugboard::HttpRequest request{.method = "POST", .url = metadata.token_endpoint, .max_body_bytes = kMostTokenAnswer};
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
  request.body = "grant_type=authorization_code&code=" + percent_encoded(code) +
                 "&redirect_uri=" + percent_encoded(begun.redirect_uri) +
                 "&code_verifier=" + percent_encoded(begun.verifier);
  const std::string id = percent_encoded(settings.client_id);
  if (settings.client_auth == ClientAuth::secret_basic) {
    request.headers.push_back({"authorization", "Basic " + base64(id + ":" + percent_encoded(secret))});
    return request;
  }
  request.body += "&client_id=" + id;
  if (settings.client_auth == ClientAuth::secret_post) request.body += "&client_secret=" + percent_encoded(secret);
  return request;
}

plugboard::Result<Tokens> read_tokens(const plugboard::HttpResponse& response) {
  if (!response.answered()) return Failure{response.error(), std::string(response.message())};
  if (response.status() != 200) return of_error(response);
  jwt::Document document;
  if (auto fault = jwt::read_json_object(response.body(), document))
    return Failure{Status::upstream_malformed, "the token endpoint's answer " + *fault};
  Tokens tokens;
  tokens.id_token = jwt::text_member(document, "id_token").value_or("");
  tokens.access_token = jwt::text_member(document, "access_token").value_or("");
  if (tokens.id_token.empty())
    return Failure{Status::upstream_malformed, "the token endpoint's answer has no id_token: is \"openid\" in scope?"};
  return tokens;
}

} // namespace oidc
