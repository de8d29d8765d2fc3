#include "plugins/jwt/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace jwt {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kIssuer[] = R"({"issuer": "a", "audience": "b", "jwks": "k"})";

std::string with(const std::string& more) {
  return R"({"issuers": [)" + std::string(kIssuer) + "], " + more + "}";
}

std::string fault_of(const std::string& config) {
  try {
    read_settings(config);
    return "TAKEN";
  } catch (const std::invalid_argument& fault) {
    return fault.what();
  }
}

TEST(SettingsTest, HasSafeDefaults) {
  auto settings = read_settings(R"({"issuers": [{"issuer": "a", "audience": "b", "hs256": {"secret": "h"}}]})");
  EXPECT_EQ(settings.times.leeway_s, 60);
  EXPECT_EQ(settings.times.max_age_s, std::nullopt);
  EXPECT_EQ(settings.subject.text(), "sub");
  EXPECT_EQ(settings.assurance.otherwise, "aal1");
  EXPECT_FALSE(settings.session_ends_with_token);
  EXPECT_EQ(settings.issuers[0].secret_handle, "h");
  EXPECT_EQ(settings.issuers[0].secret_algorithm, Algorithm::hs256);
  EXPECT_THAT(settings.issuers[0].audiences, ElementsAre("b"));
}

TEST(SettingsTest, ASecretsMemberNamesItsAlgorithm) {
  auto settings = read_settings(R"({"issuers": [{"issuer": "a", "audience": "b", "hs512": {"secret": "h"}}]})");
  EXPECT_EQ(settings.issuers[0].secret_algorithm, Algorithm::hs512);
  EXPECT_THAT(fault_of(R"({"issuers": [{"issuer": "a", "audience": "b", "hs256": {"secret": "h"},
                "hs384": {"secret": "h"}}]})"),
              HasSubstr("several secrets"));
}

TEST(SettingsTest, ReadsAllOfIt) {
  auto settings = read_settings(R"({
    "issuers": [{"issuer": "a", "audience": ["b", "c"], "jwks": "keys/a", "algorithms": ["PS256", "ES256"]}],
    "subject": "/x/y", "identifiers": {"email": {"claim": "mail", "verified_claim": "/ok"}}, "require": ["p", "/q"],
    "leeway_s": 0, "max_age_s": 9, "session_ends_with_token": true,
    "assurance": {"default": "aal2", "acr": {"x": "aal3"}, "amr": {"y": "aal2"}, "two_factors": "aal3"}})");
  EXPECT_THAT(settings.issuers[0].audiences, ElementsAre("b", "c"));
  EXPECT_EQ(settings.issuers[0].jwks_path, "keys/a");
  EXPECT_THAT(settings.issuers[0].algorithms, ElementsAre(Algorithm::ps256, Algorithm::es256));
  EXPECT_EQ(settings.subject.text(), "/x/y");
  EXPECT_EQ(settings.identifiers[0].type, "email");
  EXPECT_EQ(settings.identifiers[0].claim.text(), "mail");
  EXPECT_EQ(settings.identifiers[0].verified_claim->text(), "/ok");
  EXPECT_EQ(settings.require[1].text(), "/q");
  EXPECT_EQ(settings.times.leeway_s, 0);
  EXPECT_EQ(settings.times.max_age_s, 9);
  EXPECT_TRUE(settings.session_ends_with_token);
  EXPECT_EQ(settings.assurance.otherwise, "aal2");
  EXPECT_EQ(settings.assurance.acr.at("x"), "aal3");
  EXPECT_EQ(settings.assurance.amr.at("y"), "aal2");
  EXPECT_EQ(settings.assurance.two_factors, "aal3");
}

TEST(SettingsTest, SaysWhatIsWrongAndWhere) {
  auto one = [](const std::string& issuer) { return fault_of(R"({"issuers": [)" + issuer + "]}"); };
  EXPECT_THAT(fault_of("nonsense"), StartsWith("config: is not JSON"));
  EXPECT_THAT(fault_of("{}"), StartsWith("config/issuers: "));
  EXPECT_THAT(fault_of(R"({"issuers": []})"), StartsWith("config/issuers: "));
  EXPECT_THAT(one(R"({"audience": "b", "jwks": "k"})"), StartsWith("config/issuers/0/issuer: is missing"));
  EXPECT_THAT(one(R"({"issuer": "a", "jwks": "k"})"), StartsWith("config/issuers/0/audience: is missing"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": [], "jwks": "k"})"), HasSubstr("/audience"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": [1], "jwks": "k"})"), StartsWith("config/issuers/0/audience/0"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b"})"), AllOf(HasSubstr("hs256"), HasSubstr("jwks")));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b", "jwks": "k", "hs256": {"secret": "h"}})"), HasSubstr("either"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b", "hs256": "plain text"})"), HasSubstr("must be a secret"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b", "jwks": "k", "algorithms": ["HS256"]})"), HasSubstr("HS256"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b", "jwks": "k", "algorithms": ["none"]})"), HasSubstr("none"));
  EXPECT_THAT(one(R"({"issuer": "a", "audience": "b", "jwks": "k", "algorithms": []})"), HasSubstr("no algorithm"));
  EXPECT_THAT(one(std::string(kIssuer) + "," + kIssuer), HasSubstr("config/issuers/1/issuer: \"a\" is there twice"));
  EXPECT_THAT(fault_of(with(R"("leeway_s": -1)")), StartsWith("config/leeway_s"));
  EXPECT_THAT(fault_of(with(R"("leeway_s": 9223372036854775807)")), StartsWith("config/leeway_s"));
  EXPECT_THAT(fault_of(with(R"("max_age_s": 1.5)")), StartsWith("config/max_age_s"));
  EXPECT_THAT(fault_of(with(R"("subject": "/a~2")")), AllOf(StartsWith("config/subject"), HasSubstr("JSON Pointer")));
  EXPECT_THAT(fault_of(with(R"("subject": "/a\u0000b")")), AllOf(StartsWith("config/subject"), HasSubstr("NUL")));
  EXPECT_THAT(fault_of(with(R"("require": [""])")), StartsWith("config/require/0"));
  EXPECT_THAT(fault_of(with(R"("require": ["/a~"])")),
              AllOf(StartsWith("config/require/0"), HasSubstr("JSON Pointer")));
  EXPECT_THAT(fault_of(with(R"("identifiers": {"email": {}})")),
              StartsWith("config/identifiers/email/claim: is missing"));
  EXPECT_THAT(fault_of(with(R"("identifiers": {"email": {"claim": "e", "verified": true, "verified_claim": "v"}})")),
              HasSubstr("keep one"));
  EXPECT_THAT(fault_of(with(R"("identifiers": {"email": {"claim": "e", "verified": "yes"}})")),
              HasSubstr("true or false"));
  EXPECT_THAT(fault_of(with(R"("assurance": {"default": "asserted"})")), StartsWith("config/assurance/default"));
  EXPECT_THAT(fault_of(with(R"("assurance": {"acr": {"x": "aal4"}})")), StartsWith("config/assurance/acr/x"));
  EXPECT_THAT(fault_of(with(R"("session_ends_with_token": 1)")), StartsWith("config/session_ends_with_token"));
}

} // namespace
} // namespace jwt
