#include "core/connector/oauth2_grant.hpp"

#include "core/base/crypto.hpp"
#include "core/base/url_text.hpp"
#include "core/connector/abi_text.hpp"
#include "core/json/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace plugboard::connector {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostText = 2048;     // of what a client says of itself
constexpr std::size_t kMostToken = 1 << 14; // no header takes more
constexpr Duration kUsualLife = 5min;       // where the answer does not say
constexpr std::int64_t kLongestLife = 24 * 3600;

// application/x-www-form-urlencoded
void put_field(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!form.empty()) form += '&';
  form += name;
  form += '=';
  append_url_escaped(form, value);
}

std::size_t room_for(std::size_t bytes) { // reserved at once: a text that grows leaves copies behind
  return 3 * bytes + 64;
}

Duration seconds_of(std::string_view text) { // of Retry-After; 0: a date, or nothing
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || seconds < 0) return {};
  return std::chrono::seconds(std::min(seconds, kLongestLife));
}

Duration retry_after(const plugboard_http_response& response) {
  for (std::size_t i = 0; i < response.header_count; ++i)
    if (view(response.headers[i].name) == "retry-after") return seconds_of(view(response.headers[i].value));
  return {};
}

bool is_word(std::string_view text) { // an error code; anything else might quote what we sent
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool is_bearer(std::string_view type) {
  constexpr std::string_view kBearer = "bearer";
  return std::equal(type.begin(), type.end(), kBearer.begin(), kBearer.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool is_token_text(std::string_view text) { // RFC 6750: what may stand behind "Bearer "
  return !text.empty() && text.size() <= kMostToken &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

TokenAnswer failed(std::int32_t error, std::string message) {
  TokenAnswer answer;
  answer.error = error;
  answer.message = std::move(message);
  return answer;
}

TokenAnswer refused(const plugboard_http_response& response, json::Value body) {
  const std::string_view code = body["error"].string().value_or("");
  std::string said = "the token endpoint answered " + std::to_string(response.status);
  if (is_word(code)) said += ", " + std::string(code);
  if (response.status == 429) {
    TokenAnswer answer = failed(PLUGBOARD_UPSTREAM_RATE_LIMITED, std::move(said));
    answer.retry_after = retry_after(response);
    return answer;
  }
  if (response.status >= 500) return failed(PLUGBOARD_UPSTREAM_FAILED, std::move(said));
  constexpr std::array<std::string_view, 3> kOurs{"invalid_client", "invalid_grant", "unauthorized_client"};
  const bool ours = std::find(kOurs.begin(), kOurs.end(), code) != kOurs.end();
  if (ours || response.status == 401 || response.status == 403)
    return failed(PLUGBOARD_UPSTREAM_UNAUTHORIZED,
                  said + ": look at the connector's client id, secret and refresh token");
  return failed(PLUGBOARD_UPSTREAM_REFUSED, std::move(said));
}

} // namespace

std::string Oauth2Client::key() const {
  std::string all = basic ? "basic" : "post";
  for (const std::string* part : {&token_url, &client_id, &client_secret, &refresh_token, &scope, &audience, &resource})
    all += " " + std::to_string(part->size()) + ":" + *part;
  return all;
}

std::optional<Oauth2Client> read_oauth2_client(const plugboard_oauth2_client* raw) {
  plugboard_oauth2_client from;
  if (!read_struct(raw, sizeof from, from)) return std::nullopt;
  if (from.auth != PLUGBOARD_OAUTH2_BASIC && from.auth != PLUGBOARD_OAUTH2_POST) return std::nullopt;
  Oauth2Client client;
  client.basic = from.auth == PLUGBOARD_OAUTH2_BASIC;
  const std::array<std::pair<plugboard_str, std::string*>, 7> texts{{{from.token_url, &client.token_url},
                                                                     {from.client_id, &client.client_id},
                                                                     {from.client_secret, &client.client_secret},
                                                                     {from.refresh_token, &client.refresh_token},
                                                                     {from.scope, &client.scope},
                                                                     {from.audience, &client.audience},
                                                                     {from.resource, &client.resource}}};
  for (const auto& [text, to] : texts) {
    if (!is_readable(text) || text.size > kMostText) return std::nullopt;
    *to = view(text);
  }
  const bool says_enough = !client.token_url.empty() && !client.client_id.empty() &&
                           !(client.client_secret.empty() && client.refresh_token.empty());
  if (!says_enough) return std::nullopt;
  return client;
}

Secret token_form(const Oauth2Client& client, const Secret& client_secret, const Secret& refresh_token) {
  std::string form;
  form.reserve(room_for(client.client_id.size() + client.scope.size() + client.audience.size() +
                        client.resource.size() + client_secret.reveal().size() + refresh_token.reveal().size()) +
               128);
  put_field(form, "grant_type", client.refresh_token.empty() ? "client_credentials" : "refresh_token");
  put_field(form, "refresh_token", refresh_token.reveal());
  put_field(form, "scope", client.scope);
  put_field(form, "audience", client.audience);
  put_field(form, "resource", client.resource);
  if (client.basic && !client.client_secret.empty()) return Secret(std::move(form));
  put_field(form, "client_id", client.client_id);
  put_field(form, "client_secret", client_secret.reveal());
  return Secret(std::move(form));
}

Secret token_authorization(const Oauth2Client& client, const Secret& client_secret) {
  if (!client.basic || client.client_secret.empty()) return {};
  std::string pair;
  pair.reserve(room_for(client.client_id.size() + client_secret.reveal().size()));
  append_url_escaped(pair, client.client_id);
  pair += ':';
  append_url_escaped(pair, client_secret.reveal());
  const Secret plain(std::move(pair));
  const Secret encoded(base64(plain.reveal()));
  std::string header;
  header.reserve(encoded.reveal().size() + 6);
  header += "Basic ";
  header += encoded.reveal();
  return Secret(std::move(header));
}

TokenAnswer read_token_answer(const plugboard_http_response& response) {
  if (response.error != PLUGBOARD_OK)
    return failed(response.error, "the token endpoint: " + std::string(view(response.message)));
  json::Reader reader;
  const auto read = reader.read(view(response.body));
  const json::Value body = read ? *read : json::Value();
  if (response.status != 200) return refused(response, body);
  const std::string_view token = body["access_token"].string().value_or("");
  if (!is_token_text(token) || !is_bearer(body["token_type"].string().value_or("")))
    return failed(PLUGBOARD_UPSTREAM_MALFORMED, "the token endpoint gave no bearer's access_token");
  TokenAnswer answer;
  answer.error = PLUGBOARD_OK;
  answer.access_token = Secret(std::string(token));
  const std::string_view rotated = body["refresh_token"].string().value_or("");
  if (rotated.size() <= kMostToken) answer.refresh_token = Secret(std::string(rotated));
  const auto life = body["expires_in"].integer();
  answer.life = life ? Duration(std::chrono::seconds(std::clamp<std::int64_t>(*life, 0, kLongestLife))) : kUsualLife;
  return answer;
}

} // namespace plugboard::connector
