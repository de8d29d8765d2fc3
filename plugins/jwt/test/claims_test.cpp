#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt::test {
namespace {

struct Seen {
  std::string type, value;
  bool verified;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> identifiers(const char* config, const char* claims) {
  auto proof = shop_verifier(config)->verify(login_token({.more = claims}));
  std::vector<Seen> seen;
  if (!proof) return {{"rejected", proof.failure().message, false}};
  for (const auto& each : proof->identifiers) seen.push_back({each.type, each.value, each.verified});
  return seen;
}

using List = std::vector<Seen>;

TEST(IdentifierTest, StandsWhereTheConfigurationSays) {
  auto config = R"("identifiers": {"email": {"claim": "email"}, "phone": {"claim": "/contact/phones/1"},
                                   "crm.plan": {"claim": "https://shop.example/plan"}})";
  EXPECT_EQ(identifiers(config, R"("email":"a@b.example","contact":{"phones":["+1","+46701"]},
                                   "https://shop.example/plan":"gold")"),
            (List{{"email", "a@b.example", false}, {"phone", "+46701", false}, {"crm.plan", "gold", false}}));
}

TEST(IdentifierTest, IsVerifiedByTheConfigurationOrByAClaim) {
  EXPECT_EQ(identifiers(R"("identifiers": {"email": {"claim": "email", "verified": true}})", R"("email":"a@b")"),
            (List{{"email", "a@b", true}}));
  auto by_claim = R"("identifiers": {"email": {"claim": "email", "verified_claim": "/email_verified"}})";
  EXPECT_EQ(identifiers(by_claim, R"("email":"a@b","email_verified":true)"), (List{{"email", "a@b", true}}));
  EXPECT_EQ(identifiers(by_claim, R"("email":"a@b","email_verified":"true")"), (List{{"email", "a@b", true}}));
  for (auto no : {"false", "\"false\"", "\"True\"", "1", "null", "[true]", "{}"})
    EXPECT_EQ(identifiers(by_claim, (R"("email":"a@b","email_verified":)" + std::string(no)).c_str()),
              (List{{"email", "a@b", false}}))
        << no;
  EXPECT_EQ(identifiers(by_claim, R"("email":"a@b")"), (List{{"email", "a@b", false}}));
}

TEST(IdentifierTest, WhatIsNoNameIsLeftOutAndTheTokenStaysGood) {
  auto config = R"("identifiers": {"email": {"claim": "email", "verified": true}})";
  for (auto value : {"null", "\"\"", "true", "1.5", "[\"a@b\"]", "{}", "\"a\\nb\"", "\"a\\u0000b\""})
    EXPECT_EQ(identifiers(config, ("\"email\":" + std::string(value)).c_str()), List{}) << value;
  EXPECT_EQ(identifiers(config, ""), List{});
  EXPECT_EQ(identifiers(config, "\"email\":4711"), (List{{"email", "4711", true}}));
}

std::string assurance(const char* config, const char* claims) {
  auto proof = shop_verifier(config)->verify(login_token({.more = claims}));
  return proof ? proof->assurance : proof.failure().message;
}

TEST(AssuranceTest, IsTheDefaultUnlessARuleSaysMore) {
  EXPECT_EQ(assurance("", R"("acr":"urn:x:two","amr":["mfa"])"), "aal1");
  EXPECT_EQ(assurance(R"("assurance": {"default": "aal2"})", ""), "aal2");
  auto rules = R"("assurance": {"acr": {"urn:x:two": "aal2", "urn:x:three": "aal3"}, "amr": {"mfa": "aal2"}})";
  EXPECT_EQ(assurance(rules, ""), "aal1");
  EXPECT_EQ(assurance(rules, R"("acr":"urn:x:two")"), "aal2");
  EXPECT_EQ(assurance(rules, R"("acr":"urn:x:Two")"), "aal1");
  EXPECT_EQ(assurance(rules, R"("acr":["urn:x:two"])"), "aal1");
  EXPECT_EQ(assurance(rules, R"("amr":["pwd","mfa"])"), "aal2");
  EXPECT_EQ(assurance(rules, R"("amr":"mfa")"), "aal1") << "amr is a list";
  EXPECT_EQ(assurance(rules, R"("amr":[1,null,"mfa"])"), "aal2");
  EXPECT_EQ(assurance(rules, R"("acr":"urn:x:three","amr":["mfa"])"), "aal3") << "the highest counts";
}

TEST(AssuranceTest, NeverFallsBelowTheDefault) {
  EXPECT_EQ(assurance(R"("assurance": {"default": "aal2", "acr": {"0": "aal1"}})", R"("acr":"0")"), "aal2");
}

TEST(AssuranceTest, TwoFactorsMustBeOfTwoKinds) {
  auto rules = R"("assurance": {"two_factors": "aal2"})";
  EXPECT_EQ(assurance(rules, R"("amr":["pwd","otp"])"), "aal2");
  EXPECT_EQ(assurance(rules, R"("amr":["hwk","fpt"])"), "aal2");
  EXPECT_EQ(assurance(rules, R"("amr":["pwd","pin"])"), "aal1") << "both are known";
  EXPECT_EQ(assurance(rules, R"("amr":["otp","sms"])"), "aal1") << "both are owned";
  EXPECT_EQ(assurance(rules, R"("amr":["pwd","pwd","geo","mfa"])"), "aal1");
  EXPECT_EQ(assurance("", R"("amr":["pwd","otp"])"), "aal1") << "the rule is not on";
}

} // namespace
} // namespace jwt::test
