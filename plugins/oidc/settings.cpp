#include "plugins/oidc/settings.hpp"

#include "plugins/jwt/config_values.hpp"

#include <algorithm>

namespace oidc {
namespace {

using namespace jwt::config;
using jwt::Value;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string redirect_uri(const Value& value, const std::string& where) {
  std::string uri = text(value, where);
  const auto colon = uri.find(':');
  const bool runs_code = uri.starts_with("javascript:") || uri.starts_with("data:");
  if (colon == uri.npos || colon == 0 || !is_printable(uri) || uri.find('#') != uri.npos || runs_code)
    fail(where, "must be an absolute URI without a fragment, to the letter as it is registered at the provider");
  return uri;
}

std::vector<std::string> redirect_uris(const Value& value, const std::string& where) {
  if (!value.IsArray()) fail(where, "must be a list of URIs");
  std::vector<std::string> all;
  for (const auto& each : value.GetArray()) all.push_back(redirect_uri(each, where + "/" + std::to_string(all.size())));
  return all;
}

std::string scope(const Value& value, const std::string& where) {
  std::string asked = text(value, where);
  if ((" " + asked + " ").find(" openid ") == std::string::npos)
    fail(where, "must have \"openid\" in it: without it the provider gives no ID token");
  return asked;
}

ClientAuth client_auth(const Value& value, const std::string& where) {
  const std::string name = text(value, where);
  if (name == "client_secret_basic") return ClientAuth::secret_basic;
  if (name == "client_secret_post") return ClientAuth::secret_post;
  if (name == "none") return ClientAuth::none;
  fail(where, "\"" + name + "\" is none of client_secret_basic, client_secret_post, none");
}

DirectTokens id_tokens(const Value& value, const std::string& where) {
  const std::string name = text(value, where);
  if (name == "refused") return DirectTokens::refused;
  if (name == "with_nonce") return DirectTokens::with_nonce;
  if (name == "without_nonce") return DirectTokens::without_nonce;
  fail(where, "\"" + name + "\" is none of refused, with_nonce, without_nonce");
}

void read_client(const Value& config, Settings& settings) {
  with(config, "issuer", "", [&](auto& v, auto& at) { settings.issuer = text(v, at); });
  with(config, "client_id", "", [&](auto& v, auto& at) { settings.client_id = text(v, at); });
  with(config, "client_secret", "", [&](auto& v, auto& at) { settings.secret_handle = secret(v, at); });
  settings.client_auth = settings.secret_handle.empty() ? ClientAuth::none : ClientAuth::secret_basic;
  with(config, "client_auth", "", [&](auto& v, auto& at) { settings.client_auth = client_auth(v, at); });
  with(config, "redirect_uris", "", [&](auto& v, auto& at) { settings.redirect_uris = redirect_uris(v, at); });
  with(config, "scope", "", [&](auto& v, auto& at) { settings.scope = scope(v, at); });
  if (settings.client_id.empty()) fail("/client_id", "is missing: what the provider calls this hub");
  if (!is_provider_url(settings.issuer) || settings.issuer.find('?') != std::string::npos)
    fail("/issuer", "must be the provider's issuer, an https address (http only on this machine)");
  if ((settings.client_auth == ClientAuth::none) != settings.secret_handle.empty())
    fail("/client_auth", "does not fit: a secret needs a way to be sent, and each way but \"none\" a secret");
  if (settings.redirect_uris.empty() && settings.id_tokens == DirectTokens::refused)
    fail("/redirect_uris", "is missing: where the provider may send the customer's browser back to");
}

} // namespace

bool is_provider_url(std::string_view url) {
  if (!is_printable(url) || url.find('#') != url.npos || url.find('@') != url.npos || url.find('\\') != url.npos)
    return false;
  if (url.starts_with("https://")) return url.size() > 8 && url[8] != '/' && url[8] != ':' && url[8] != '?';
  for (std::string_view here : {"http://127.0.0.1", "http://[::1]", "http://localhost"})
    if (url.starts_with(here)) return url.size() == here.size() || url[here.size()] == ':' || url[here.size()] == '/';
  return false;
}

Settings read_settings(std::string_view config) {
  jwt::Document document;
  if (auto fault = jwt::read_json_object(config, document)) fail("", *fault);
  Settings settings;
  with(document, "id_tokens", "", [&](auto& v, auto& at) { settings.id_tokens = id_tokens(v, at); });
  read_client(document, settings);
  with(document, "algorithms", "", [&](auto& v, auto& at) { settings.algorithms = algorithms(v, at); });
  with(document, "identifiers", "", [&](auto& v, auto& at) { settings.identifiers = identifiers(v, at); });
  with(document, "assurance", "", [&](auto& v, auto& at) { settings.assurance = assurance(v, at); });
  with(document, "leeway_s", "", [&](auto& v, auto& at) { settings.leeway_s = seconds(v, at); });
  with(document, "keys", "", [&](auto& keys, auto& at) {
    with(keys, "refresh_s", at, [&](auto& v, auto& where) { settings.keep.refresh_s = seconds(v, where); });
    with(keys, "stale_ok_s", at, [&](auto& v, auto& where) { settings.keep.stale_ok_s = seconds(v, where); });
    if (settings.keep.stale_ok_s < settings.keep.refresh_s) fail(at, "stale_ok_s must not be less than refresh_s");
  });
  with(document, "session_ends_with_token", "",
       [&](auto& v, auto& at) { settings.session_ends_with_token = truth(v, at); });
  with(document, "untyped_logout_tokens", "",
       [&](auto& v, auto& at) { settings.untyped_logout_tokens = truth(v, at); });
  return settings;
}

} // namespace oidc
