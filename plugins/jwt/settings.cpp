#include "plugins/jwt/settings.hpp"

#include "plugins/jwt/config_values.hpp"

#include <set>

namespace jwt {
namespace {

using namespace config;

const char* member_of(Algorithm secret) {
  return secret == Algorithm::hs256 ? "hs256" : secret == Algorithm::hs384 ? "hs384" : "hs512";
}

IssuerSettings issuer(const Value& object, const std::string& at) {
  IssuerSettings settings;
  with(object, "issuer", at, [&](auto& v, auto& where) { settings.name = text(v, where); });
  with(object, "audience", at, [&](auto& v, auto& where) { settings.audiences = texts(v, where); });
  for (auto algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512})
    with(object, member_of(algorithm), at, [&](auto& v, auto& where) {
      const auto handle = secret(v, where);
      if (!settings.secret_handle.empty()) fail(at, "has several secrets: keep the one that the issuer signs with");
      settings.secret_algorithm = algorithm;
      settings.secret_handle = handle;
    });
  with(object, "jwks", at, [&](auto& v, auto& where) { settings.jwks_path = text(v, where); });
  with(object, "algorithms", at, [&](auto& v, auto& where) { settings.algorithms = algorithms(v, where); });
  if (settings.name.empty()) fail(at + "/issuer", "is missing: what the tokens' iss is, to the letter");
  if (settings.audiences.empty()) fail(at + "/audience", "is missing: whom the tokens are made for (their aud)");
  if (settings.secret_handle.empty() == settings.jwks_path.empty())
    fail(at, R"(needs either "hs256" ("hs384", "hs512"), a secret, or "jwks", a granted file)");
  return settings;
}

void read_issuers(const Value& config, Settings& settings) {
  auto* list = member(config, "issuers");
  if (!list || !list->IsArray() || list->Empty()) fail("/issuers", "must list at least one issuer");
  std::set<std::string> names;
  for (const auto& each : list->GetArray()) {
    std::string at = "/issuers/" + std::to_string(settings.issuers.size());
    settings.issuers.push_back(issuer(each, at));
    if (!names.insert(settings.issuers.back().name).second)
      fail(at + "/issuer", "\"" + settings.issuers.back().name + "\" is there twice; an issuer has one set of keys");
  }
}

} // namespace

Settings read_settings(std::string_view config) {
  Document document;
  if (auto fault = read_json_object(config, document)) fail("", *fault);
  Settings settings;
  read_issuers(document, settings);
  with(document, "subject", "", [&](auto& v, auto& at) { settings.subject = claim(v, at); });
  with(document, "identifiers", "", [&](auto& v, auto& at) { settings.identifiers = identifiers(v, at); });
  with(document, "require", "", [&](auto& v, auto& at) {
    if (!v.IsArray()) fail(at, "must be a list of claims");
    for (const auto& each : v.GetArray())
      settings.require.push_back(claim(each, at + "/" + std::to_string(settings.require.size())));
  });
  with(document, "leeway_s", "", [&](auto& v, auto& at) { settings.times.leeway_s = seconds(v, at); });
  with(document, "max_age_s", "", [&](auto& v, auto& at) { settings.times.max_age_s = seconds(v, at); });
  with(document, "assurance", "", [&](auto& v, auto& at) { settings.assurance = assurance(v, at); });
  with(document, "session_ends_with_token", "",
       [&](auto& v, auto& at) { settings.session_ends_with_token = truth(v, at); });
  return settings;
}

} // namespace jwt
