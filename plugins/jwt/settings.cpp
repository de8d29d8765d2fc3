#include "plugins/jwt/settings.hpp"

#include <functional>
#include <set>
#include <stdexcept>

namespace jwt {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw std::invalid_argument("config" + where + ": " + what);
}

std::string text(const Value& value, const std::string& where) {
  if (!value.IsString() || value.GetStringLength() == 0) fail(where, "must be text");
  return std::string(text_of(value));
}

std::vector<std::string> texts(const Value& value, const std::string& where) {
  if (!value.IsArray()) return {text(value, where)};
  std::vector<std::string> all;
  for (const auto& each : value.GetArray()) all.push_back(text(each, where + "/" + std::to_string(all.size())));
  return all;
}

std::int64_t seconds(const Value& value, const std::string& where) {
  constexpr std::int64_t kLongest = 10LL * 366 * 86400;
  if (!value.IsInt64() || value.GetInt64() < 0 || value.GetInt64() > kLongest)
    fail(where, "must be whole seconds, 0 or more");
  return value.GetInt64();
}

bool truth(const Value& value, const std::string& where) {
  if (!value.IsBool()) fail(where, "must be true or false");
  return value.GetBool();
}

std::string level(const Value& value, const std::string& where) {
  if (!value.IsString() || !is_level(text_of(value))) fail(where, "must be \"aal1\", \"aal2\" or \"aal3\"");
  return std::string(text_of(value));
}

ClaimPath claim(const Value& value, const std::string& where) {
  std::string path = text(value, where);
  // RapidJSON's look-up by pointer takes it for the end of a name, and would find another claim.
  if (path.find('\0') != path.npos) fail(where, "names a claim with a NUL character in it");
  if (path.front() == '/' && !JsonPointer(path.data(), path.size()).IsValid())
    fail(where, "\"" + path + "\" is not a JSON Pointer");
  return ClaimPath(std::move(path));
}

void with(const Value& object, const char* name, const std::string& at,
          const std::function<void(const Value&, const std::string&)>& read) {
  if (auto* value = member(object, name)) read(*value, at + "/" + name);
}

LevelByName levels(const Value& table, const std::string& where) {
  if (!table.IsObject()) fail(where, "must be an object");
  LevelByName all;
  for (const auto& each : table.GetObject()) {
    std::string name(text_of(each.name));
    all[name] = level(each.value, where + "/" + name);
  }
  return all;
}

AssuranceRules assurance(const Value& object, const std::string& at) {
  AssuranceRules rules;
  with(object, "default", at, [&](auto& v, auto& where) { rules.otherwise = level(v, where); });
  with(object, "acr", at, [&](auto& v, auto& where) { rules.acr = levels(v, where); });
  with(object, "amr", at, [&](auto& v, auto& where) { rules.amr = levels(v, where); });
  with(object, "two_factors", at, [&](auto& v, auto& where) { rules.two_factors = level(v, where); });
  return rules;
}

std::vector<Algorithm> algorithms(const Value& value, const std::string& where) {
  std::vector<Algorithm> all;
  for (const auto& name : texts(value, where)) {
    auto algorithm = algorithm_named(name);
    if (!algorithm || family_of(*algorithm) == Family::hmac)
      fail(where, "\"" + name + "\" is none of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA");
    all.push_back(*algorithm);
  }
  if (all.empty()) fail(where, "allows no algorithm at all");
  return all;
}

const char* member_of(Algorithm secret) {
  return secret == Algorithm::hs256 ? "hs256" : secret == Algorithm::hs384 ? "hs384" : "hs512";
}

IssuerSettings issuer(const Value& object, const std::string& at) {
  IssuerSettings settings;
  with(object, "issuer", at, [&](auto& v, auto& where) { settings.name = text(v, where); });
  with(object, "audience", at, [&](auto& v, auto& where) { settings.audiences = texts(v, where); });
  for (auto algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512})
    with(object, member_of(algorithm), at, [&](auto& v, auto& where) {
      auto handle = text_member(v, "secret");
      if (!handle) fail(where, "must be a secret: {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
      if (!settings.secret_handle.empty()) fail(at, "has several secrets: keep the one that the issuer signs with");
      settings.secret_algorithm = algorithm;
      settings.secret_handle = *handle;
    });
  with(object, "jwks", at, [&](auto& v, auto& where) { settings.jwks_path = text(v, where); });
  with(object, "algorithms", at, [&](auto& v, auto& where) { settings.algorithms = algorithms(v, where); });
  if (settings.name.empty()) fail(at + "/issuer", "is missing: what the tokens' iss is, to the letter");
  if (settings.audiences.empty()) fail(at + "/audience", "is missing: whom the tokens are made for (their aud)");
  if (settings.secret_handle.empty() == settings.jwks_path.empty())
    fail(at, R"(needs either "hs256" ("hs384", "hs512"), a secret, or "jwks", a granted file)");
  return settings;
}

IdentifierRule identifier(const std::string& type, const Value& object, const std::string& at) {
  auto* path = member(object, "claim");
  if (!path) fail(at + "/claim", "is missing: where in the token the " + type + " stands");
  IdentifierRule rule{type, claim(*path, at + "/claim"), false, std::nullopt};
  with(object, "verified", at, [&](auto& v, auto& where) { rule.verified = truth(v, where); });
  with(object, "verified_claim", at, [&](auto& v, auto& where) { rule.verified_claim = claim(v, where); });
  if (member(object, "verified") && rule.verified_claim)
    fail(at, "has both \"verified\" and \"verified_claim\": keep one");
  return rule;
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

void read_identifiers(const Value& object, const std::string& at, Settings& settings) {
  if (!object.IsObject()) fail(at, "must be an object: identifier type to claim");
  for (const auto& each : object.GetObject()) {
    std::string type(text_of(each.name));
    settings.identifiers.push_back(identifier(type, each.value, at + "/" + type));
  }
}

} // namespace

Settings read_settings(std::string_view config) {
  Document document;
  if (auto fault = read_json_object(config, document)) fail("", *fault);
  Settings settings;
  read_issuers(document, settings);
  with(document, "subject", "", [&](auto& v, auto& at) { settings.subject = claim(v, at); });
  with(document, "identifiers", "", [&](auto& v, auto& at) { read_identifiers(v, at, settings); });
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
