#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt::test {
namespace {

using plugboard::Status;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(VerifierTest, BelievesEveryOfferedAlgorithm) {
  auto verifier = shop_verifier();
  auto claims = ClaimsText{}.text();
  const auto& keys = shop_keys();
  for (const auto& token :
       {keys.rsa().token("RS256", header("RS256", "rsa"), claims),
        keys.ps().token("PS256", header("PS256", "ps"), claims), keys.ec.token("ES256", header("ES256", "ec"), claims),
        keys.ed.token("EdDSA", header("EdDSA", "ed"), claims), keys.ed.token("EdDSA", header("Ed25519", "ed"), claims),
        chat_token()}) {
    auto proof = verifier->verify(token);
    ASSERT_TRUE(proof) << proof.failure().message;
    EXPECT_EQ(proof->subject, "cust-7");
  }
}

TEST(VerifierTest, BelievesTheKinWithLongerHashes) {
  const auto& rsa = shop_keys().rsa();
  auto p384 = SigningKey::ec("P-384"), p521 = SigningKey::ec("P-521");
  for (const auto& [alg, key] : {std::pair<const char*, const SigningKey*>{"RS384", &rsa},
                                 {"RS512", &rsa},
                                 {"PS384", &rsa},
                                 {"PS512", &rsa},
                                 {"ES384", &p384},
                                 {"ES512", &p521}}) {
    auto read = read_jwks(jwks({key->jwk(R"("kid":"a","alg":")" + std::string(alg) + "\"")}), public_key_algorithms());
    ASSERT_TRUE(read) << alg << ": " << read.failure().message;
    for (const auto* said : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}) {
      const bool fits = said == std::string_view(alg);
      auto token = read_jws(key->token(alg, header(said, "a"), ClaimsText{}.text()));
      ASSERT_TRUE(token);
      EXPECT_EQ(static_cast<bool>(read->keys.verified(std::move(*token))), fits) << alg << " said to be " << said;
    }
  }
  for (auto algorithm : {Algorithm::hs384, Algorithm::hs512}) {
    const std::string secret(64, 's'), name(name_of(algorithm));
    const auto keys = KeySet::of_one(*Key::hmac(algorithm, secret));
    for (const auto* signed_as : {"HS256", "HS384", "HS512"}) {
      auto token = read_jws(SigningKey::secret(secret).token(signed_as, header(name), ClaimsText{}.text()));
      EXPECT_EQ(static_cast<bool>(keys.verified(std::move(*token))), signed_as == name) << name << " by " << signed_as;
    }
  }
}

TEST(VerifierTest, ProofSaysWhoByWhomAndHow) {
  auto proof = shop_verifier()->verify(login_token({.more = R"("iat":1799999990)"}));
  ASSERT_TRUE(proof) << proof.failure().message;
  EXPECT_EQ(proof->issuer, "https://login.shop.example");
  EXPECT_EQ(proof->subject, "cust-7");
  EXPECT_EQ(proof->assurance, "aal1");
  EXPECT_THAT(proof->methods, ElementsAre("jwt"));
  EXPECT_EQ(proof->authenticated_at, kNow - 10);
  EXPECT_EQ(proof->expires_at, std::nullopt);
  EXPECT_TRUE(proof->identifiers.empty());
}

TEST(VerifierTest, AuthenticatedAtIsAuthTimeElseIatElseNowAndNeverLater) {
  auto when = [](const char* more) {
    auto proof = shop_verifier()->verify(login_token({.more = more}));
    return proof ? proof->authenticated_at : -1;
  };
  EXPECT_EQ(when(R"("auth_time":1799990000,"iat":1799999000)"), 1'799'990'000);
  EXPECT_EQ(when(R"("iat":1799999000.75)"), 1'799'999'000);
  EXPECT_EQ(when(""), kNow);
  EXPECT_EQ(when(R"("auth_time":0)"), 1) << "0 would say that it is not known";
  EXPECT_EQ(when(R"("iat":1800000030)"), kNow) << "an issuer's clock that runs fast";
}

TEST(VerifierTest, SessionEndsWithTheTokenWhenConfigured) {
  auto proof = shop_verifier(R"("session_ends_with_token": true)")->verify(login_token());
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->expires_at, kNow + 600);
}

TEST(VerifierTest, WithoutKidTheOnlyKeyOfThatAlgorithmIsMeant) {
  auto token = shop_keys().rsa().token("RS256", header("RS256"), ClaimsText{}.text());
  EXPECT_TRUE(shop_verifier()->verify(token));
}

TEST(VerifierTest, WithoutKidSeveralKeysThatFitAreTooMany) {
  auto verifier = shop_verifier();
  const auto& keys = shop_keys();
  auto two =
      read_jwks(jwks({keys.ec.jwk(R"("kid":"a")"), keys.stranger_ec.jwk(R"("kid":"b")")}), public_key_algorithms());
  ASSERT_TRUE(two);
  verifier->issuers()[0]->replace(std::move(two->keys));
  auto result = verifier->verify(keys.ec.token("ES256", header("ES256"), ClaimsText{}.text()));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.failure().message, HasSubstr("several"));
}

TEST(VerifierTest, ASecretsTokensMayCarryAnyKid) {
  auto claims = ClaimsText{.iss = kChat}.text();
  EXPECT_TRUE(shop_verifier()->verify(shop_keys().chat.token("HS256", header("HS256", "app_1"), claims)));
}

TEST(VerifierTest, TakesTheTokenTypesItIsFor) {
  auto with_type = [](const std::string& typ) {
    return shop_keys().ec.token("ES256", R"({"alg":"ES256","kid":"ec","typ":)" + typ + "}", ClaimsText{}.text());
  };
  for (auto typ : {"\"JWT\"", "\"jwt\"", "\"at+jwt\"", "\"application/at+JWT\""})
    EXPECT_TRUE(shop_verifier()->verify(with_type(typ))) << typ;
  for (auto typ : {"\"logout+jwt\"", "\"secevent+jwt\"", "\"dpop+jwt\"", "\"JWE\"", "\"\"", "null", "1", "[\"JWT\"]"})
    EXPECT_FALSE(shop_verifier()->verify(with_type(typ))) << typ;
}

TEST(VerifierTest, AudienceIsOneOfTheConfiguredOnes) {
  auto verdict = [](const char* aud) { return bool(shop_verifier()->verify(login_token({.aud = aud}))); };
  EXPECT_TRUE(verdict(R"("desk")"));
  EXPECT_TRUE(verdict(R"(["billing","desk"])"));
  EXPECT_FALSE(verdict(R"("billing")"));
  EXPECT_FALSE(verdict(R"(["billing"])"));
  EXPECT_FALSE(verdict(R"("supporting")"));
  EXPECT_FALSE(verdict(R"("Support")"));
  EXPECT_FALSE(verdict("[]"));
  EXPECT_FALSE(verdict(R"({"support":"support"})"));
  EXPECT_FALSE(verdict(R"(["support",1])")) << "no array of texts";
  EXPECT_FALSE(verdict("null"));
  EXPECT_FALSE(verdict("")) << "no aud at all";
}

TEST(VerifierTest, RequiredClaimsMustBeThere) {
  auto config = R"("require": ["email", "/shop/plan"])";
  EXPECT_TRUE(shop_verifier(config)->verify(login_token({.more = R"("email":"a@b.example","shop":{"plan":"x"})"})));
  auto result = shop_verifier(config)->verify(login_token({.more = R"("email":"a@b.example","shop":{"plan":null})"}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().status, Status::rejected);
  EXPECT_EQ(result.failure().message, "the token lacks the required claim /shop/plan");
}

TEST(VerifierTest, SubjectMayStandElsewhereAndBeANumber) {
  auto verifier = shop_verifier(R"("subject": "/shop/customer")");
  auto proof = verifier->verify(login_token({.sub = "", .more = R"("shop":{"customer":4711})"}));
  ASSERT_TRUE(proof) << proof.failure().message;
  EXPECT_EQ(proof->subject, "4711");
}

TEST(VerifierTest, ATokenThatNamesNobodyIsRejected) {
  for (auto sub : {"", "null", "\"\"", "true", "{}", "[\"a\"]", "1.5", "\"a\\u0000b\"", "\"a\\nb\""})
    EXPECT_FALSE(shop_verifier()->verify(login_token({.sub = sub}))) << sub;
  EXPECT_TRUE(shop_verifier()->verify(login_token({.sub = "\"" + std::string(512, 'x') + "\""})));
  EXPECT_FALSE(shop_verifier()->verify(login_token({.sub = "\"" + std::string(513, 'x') + "\""})));
}

TEST(VerifierTest, WithoutKeysItFailsAndDoesNotReject) {
  Verifier verifier(read_settings(shop_config()), [] { return kNow; });
  auto result = verifier.verify(login_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().status, Status::failed);
  EXPECT_THAT(result.failure().message, HasSubstr("keys/login.jwks"));
}

} // namespace
} // namespace jwt::test
