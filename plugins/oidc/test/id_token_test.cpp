// What an ID token must say; that it is signed is provider_test's and login_test's.
#include "plugins/jwt/base64url.hpp"
#include "plugins/oidc/digest.hpp"
#include "plugins/oidc/id_token.hpp"
#include "plugins/oidc/test/fake_provider.hpp"

#include <gtest/gtest.h>

namespace oidc {
namespace {

class IdTokenTest : public ::testing::Test {
 protected:
  plugboard::Result<plugboard::Proof> prove(const test::Claims& changed, const Expected& expected = {}) {
    test::Claims claims = provider.id_claims();
    for (const auto& [name, value] : changed) claims[name] = value;
    auto token = jwt::read_jws(provider.sign(claims), id_token_types());
    if (!token) return token.failure();
    return proof_of(*token, expected, settings, test::kNow);
  }

  static std::string at_hash(const std::string& access_token) {
    return "\"" + jwt::encode_base64url(sha2(256, access_token).substr(0, 16)) + "\"";
  }

  plugboard::testkit::FakeHost host;
  test::FakeProvider provider{host};
  Settings settings = read_settings(test::config());
};

TEST_F(IdTokenTest, TellsWhoItIs) {
  const auto proof = prove({{"email", "\"a@b.example\""},
                            {"email_verified", "true"},
                            {"acr", "\"gold\""},
                            {"amr", R"(["pwd","otp"])"},
                            {"sid", "\"s-1\""},
                            {"auth_time", std::to_string(test::kNow - 50)}});
  ASSERT_TRUE(proof) << proof.failure().message;
  EXPECT_EQ(proof->issuer, test::kIssuer);
  EXPECT_EQ(proof->subject, "cust-7");
  EXPECT_EQ(proof->assurance, "aal2");
  EXPECT_EQ(proof->methods, (std::vector<std::string>{"oidc", "pwd", "otp"}));
  EXPECT_EQ(proof->session, "s-1");
  EXPECT_EQ(proof->authenticated_at, test::kNow - 50);
  EXPECT_FALSE(proof->expires_at);
  ASSERT_EQ(proof->identifiers.size(), 1U);
  EXPECT_TRUE(proof->identifiers[0].verified);
}

TEST_F(IdTokenTest, IsForThisClientAndIssuedToIt) {
  EXPECT_FALSE(prove({{"iss", "\"https://evil.example\""}}));
  EXPECT_FALSE(prove({{"iss", ""}}));
  EXPECT_FALSE(prove({{"aud", "\"another\""}}));
  EXPECT_FALSE(prove({{"aud", ""}}));
  EXPECT_FALSE(prove({{"aud", R"(["hub","another"])"}})) << "and nobody says whom it was issued to";
  EXPECT_FALSE(prove({{"aud", R"(["hub","another"])"}, {"azp", "\"another\""}}));
  EXPECT_FALSE(prove({{"azp", "\"another\""}}));
  EXPECT_FALSE(prove({{"azp", "7"}}));
  EXPECT_TRUE(prove({{"aud", R"(["another","hub"])"}, {"azp", "\"hub\""}}));
  EXPECT_TRUE(prove({{"aud", R"(["hub"])"}}));
}

TEST_F(IdTokenTest, IsOfNow) {
  EXPECT_FALSE(prove({{"exp", std::to_string(test::kNow - 61)}}));
  EXPECT_FALSE(prove({{"exp", ""}}));
  EXPECT_FALSE(prove({{"iat", ""}}));
  EXPECT_FALSE(prove({{"iat", std::to_string(test::kNow + 61)}}));
  EXPECT_FALSE(prove({{"nbf", std::to_string(test::kNow + 61)}}));
}

TEST_F(IdTokenTest, HasTheNonceOfItsLogin) {
  const Expected expected{.nonce = "n-1", .max_age_s = {}, .acr_values = {}, .access_token = {}};
  EXPECT_TRUE(prove({{"nonce", "\"n-1\""}}, expected));
  EXPECT_FALSE(prove({{"nonce", "\"n-2\""}}, expected));
  EXPECT_FALSE(prove({{"nonce", "\"n-1 \""}}, expected));
  EXPECT_FALSE(prove({}, expected));
  EXPECT_FALSE(prove({{"nonce", "[\"n-1\"]"}}, expected));
}

TEST_F(IdTokenTest, StepsUpAsWasAskedFor) {
  const Expected gold{.nonce = {}, .max_age_s = {}, .acr_values = {"gold", "silver"}, .access_token = {}};
  EXPECT_TRUE(prove({{"acr", "\"silver\""}}, gold));
  EXPECT_FALSE(prove({{"acr", "\"bronze\""}}, gold));
  EXPECT_FALSE(prove({}, gold));
  const Expected fresh{.nonce = {}, .max_age_s = 30, .acr_values = {}, .access_token = {}};
  EXPECT_TRUE(prove({{"auth_time", std::to_string(test::kNow - 90)}}, fresh)) << "within the leeway";
  EXPECT_FALSE(prove({{"auth_time", std::to_string(test::kNow - 91)}}, fresh));
  EXPECT_FALSE(prove({}, fresh)) << "iat says when the token was made, not when the customer was there";
}

TEST_F(IdTokenTest, CameTogetherWithItsAccessToken) {
  const Expected with{.nonce = {}, .max_age_s = {}, .acr_values = {}, .access_token = "at-1"};
  EXPECT_TRUE(prove({{"at_hash", at_hash("at-1")}}, with));
  EXPECT_FALSE(prove({{"at_hash", at_hash("at-2")}}, with));
  EXPECT_FALSE(prove({{"at_hash", "7"}}, with));
  EXPECT_TRUE(prove({}, with)) << "a code flow need not have one";
}

TEST_F(IdTokenTest, IsNoOtherKindOfToken) {
  EXPECT_FALSE(prove({{"events", R"({"http://schemas.openid.net/event/backchannel-logout":{}})"}}));
  for (const char* typ : {"at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "x"})
    EXPECT_FALSE(jwt::read_jws(provider.sign(provider.id_claims(), typ), id_token_types())) << typ;
  EXPECT_TRUE(jwt::read_jws(provider.sign(provider.id_claims(), "JWT"), id_token_types()));
}

TEST_F(IdTokenTest, NamesACustomer) {
  EXPECT_FALSE(prove({{"sub", ""}}));
  EXPECT_FALSE(prove({{"sub", "\"\""}}));
  EXPECT_FALSE(prove({{"sub", "7"}}));
  EXPECT_FALSE(prove({{"sub", "{\"a\":1}"}}));
}

TEST_F(IdTokenTest, MayEndTheSessionWithIt) {
  settings.session_ends_with_token = true;
  EXPECT_EQ(prove({})->expires_at, test::kNow + 600);
}

} // namespace
} // namespace oidc
