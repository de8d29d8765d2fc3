#include "plugins/jwt/config_values.hpp"

#include <stdexcept>

namespace jwt::config {
namespace {

std::string level(const Value& value, const std::string& where) {
  if (!value.IsString() || !is_level(text_of(value))) fail(where, "must be \"aal1\", \"aal2\" or \"aal3\"");
  return std::string(text_of(value));
}

} // namespace

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

ClaimPath claim(const Value& value, const std::string& where) {
  std::string path = text(value, where);
  // RapidJSON's look-up by pointer takes it for the end of a name, and would find another claim.
  if (path.find('\0') != path.npos) fail(where, "names a claim with a NUL character in it");
  if (path.front() == '/' && !JsonPointer(path.data(), path.size()).IsValid())
    fail(where, "\"" + path + "\" is not a JSON Pointer");
  return ClaimPath(std::move(path));
}

void with(const Value& object, const char* name, const std::string& at, const ReadValue& read) {
  if (auto* value = member(object, name)) read(*value, at + "/" + name);
}

namespace {

LevelByName levels(const Value& table, const std::string& where) {
  if (!table.IsObject()) fail(where, "must be an object");
  LevelByName all;
  for (const auto& each : table.GetObject()) {
    std::string name(text_of(each.name));
    all[name] = level(each.value, where + "/" + name);
  }
  return all;
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

} // namespace

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

std::vector<IdentifierRule> identifiers(const Value& value, const std::string& where) {
  if (!value.IsObject()) fail(where, "must be an object: identifier type to claim");
  std::vector<IdentifierRule> rules;
  for (const auto& each : value.GetObject()) {
    std::string type(text_of(each.name));
    rules.push_back(identifier(type, each.value, where + "/" + type));
  }
  return rules;
}

std::string secret(const Value& value, const std::string& where) {
  auto handle = text_member(value, "secret");
  if (!handle) fail(where, "must be a secret: {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
  return std::string(*handle);
}

} // namespace jwt::config
