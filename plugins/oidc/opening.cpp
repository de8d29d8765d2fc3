#include "plugins/oidc/opening.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/oidc/digest.hpp"

#include <plugboard/text.hpp>

#include <algorithm>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::Status;

constexpr std::size_t kSecretBytes = 32; // of state, nonce and verifier each
constexpr std::size_t kMostText = 1024;  // bytes of what a client may hand on to the provider
constexpr std::size_t kMostAcrValues = 8;
constexpr std::int64_t kMostAge = 366 * 86400;

Failure rejected(std::string why) {
  return Failure{Status::rejected, "the credential " + std::move(why)};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : " ") + text;
  return out;
}

bool read_acr_values(const jwt::Value& value, std::vector<std::string>& into) {
  if (!value.IsArray() || value.Size() > kMostAcrValues) return false;
  for (const auto& each : value.GetArray()) {
    if (!each.IsString() || jwt::text_of(each).empty() || jwt::text_of(each).find(' ') != std::string_view::npos)
      return false;
    into.emplace_back(jwt::text_of(each));
  }
  return true;
}

bool read_member(const jwt::Value& value, std::string_view name, Wish& wish) {
  const auto text = [&](std::string& into) {
    if (!value.IsString() || value.GetStringLength() > kMostText) return false;
    into = jwt::text_of(value);
    return true;
  };
  if (name == "redirect_uri") return text(wish.redirect_uri);
  if (name == "login_hint") return text(wish.login_hint);
  if (name == "prompt") return text(wish.prompt);
  if (name == "acr_values") return read_acr_values(value, wish.acr_values);
  if (name != "max_age" || !value.IsInt64() || value.GetInt64() < 0 || value.GetInt64() > kMostAge) return false;
  wish.max_age_s = value.GetInt64();
  return true;
}

} // namespace

plugboard::Result<Wish> read_wish(const jwt::Value& credential, const Settings& settings) {
  Wish wish;
  for (const auto& member : credential.GetObject())
    if (!read_member(member.value, jwt::text_of(member.name), wish))
      return rejected("has a member that is not redirect_uri, login_hint, prompt, acr_values (a list) or max_age "
                      "(seconds), or is not what that must be");
  const auto& known = settings.redirect_uris;
  if (wish.redirect_uri.empty() && known.size() == 1) wish.redirect_uri = known.front();
  if (std::find(known.begin(), known.end(), wish.redirect_uri) == known.end())
    return rejected("has no redirect_uri of those that are configured");
  return wish;
}

Begun begin(const Wish& wish, const Senses& senses) {
  const auto fresh = [&] { return jwt::encode_base64url(senses.random(kSecretBytes)); };
  return {fresh(), fresh(), fresh(), wish.redirect_uri, wish.max_age_s, wish.acr_values};
}

std::string authorization_url(const Metadata& metadata, const Settings& settings, const Wish& wish,
                              const Begun& begun) {
  std::string url = metadata.authorization_endpoint;
  char next = url.find('?') == url.npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    url += next;
    url.append(name).append("=").append(plugboard::percent_encoded(value));
    next = '&';
  };
  add("response_type", "code");
  add("client_id", settings.client_id);
  add("redirect_uri", begun.redirect_uri);
  add("scope", settings.scope);
  add("state", begun.state);
  add("nonce", begun.nonce);
  add("code_challenge", jwt::encode_base64url(sha2(256, begun.verifier)));
  add("code_challenge_method", "S256");
  add("login_hint", wish.login_hint);
  add("prompt", wish.prompt);
  add("ui_locales", wish.language);
  add("acr_values", joined(begun.acr_values));
  if (begun.max_age_s) add("max_age", std::to_string(*begun.max_age_s));
  return url;
}

} // namespace oidc
