// Every trick that is known against verifiers of tokens, each against the configuration it is aimed at.
#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt::test {
namespace {

using plugboard::Status;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string why_rejected(std::string_view token) {
  auto result = shop_verifier()->verify(token);
  if (result) return "ACCEPTED";
  return result.failure().status == Status::rejected ? result.failure().message : "NOT REJECTED BUT FAILED";
}

#define EXPECT_REJECTED(token, reason) EXPECT_THAT(why_rejected(token), HasSubstr(reason))

std::string unsigned_token(std::string_view head, std::string_view payload) {
  return encode_base64url(head) + "." + encode_base64url(payload) + ".";
}

TEST(AttackTest, AlgorithmNoneInAnySpelling) {
  auto claims = ClaimsText{}.text();
  for (auto alg : {"none", "None", "NONE", "nOnE", ""}) {
    EXPECT_REJECTED(unsigned_token(header(alg), claims), "alg is none of");
    EXPECT_REJECTED(unsigned_token(header(alg), claims) + "AAAA", "alg is none of");
  }
  EXPECT_REJECTED(unsigned_token(header("ES256", "ec"), claims), "no signature");
  EXPECT_REJECTED(unsigned_token(R"({"kid":"ec"})", claims), "alg is none of");
  EXPECT_REJECTED(unsigned_token(R"({"alg":null,"kid":"ec"})", claims), "alg is none of");
  EXPECT_REJECTED(unsigned_token(R"({"alg":["ES256"],"kid":"ec"})", claims), "alg is none of");
}

TEST(AttackTest, PublicKeyUsedAsHmacSecret) {
  const auto& keys = shop_keys();
  auto claims = ClaimsText{}.text();
  for (const auto* key : {&keys.rsa(), &keys.ec, &keys.ed})
    for (const auto& secret : {key->public_pem(), key->jwk(), std::string(login_jwks())})
      for (auto kid : {"", "rsa", "ec", "ed"})
        EXPECT_REJECTED(SigningKey::secret(secret).token("HS256", header("HS256", kid), claims), "not the algorithm");
}

TEST(AttackTest, AlgorithmOfAnotherKey) {
  const auto& keys = shop_keys();
  auto claims = ClaimsText{}.text();
  EXPECT_REJECTED(keys.rsa().token("PS256", header("PS256", "rsa"), claims), "not the algorithm");
  EXPECT_REJECTED(keys.ps().token("RS256", header("RS256", "ps"), claims), "not the algorithm");
  EXPECT_REJECTED(keys.ps().token("RS256", header("PS256", "ps"), claims), "signature");
  EXPECT_REJECTED(keys.ec.token("ES256", header("EdDSA", "ec"), claims), "not the algorithm");
  EXPECT_REJECTED(keys.ec.token("ES256", header("RS256", "rsa"), claims), "signature");
  EXPECT_REJECTED(keys.ec.token("ES256", header("HS256"), ClaimsText{.iss = kChat}.text()), "signature");
  EXPECT_REJECTED(keys.rsa().token("RS256", header("RS256"), ClaimsText{.iss = kChat}.text()), "not the algorithm");
  EXPECT_REJECTED(keys.rsa().token("RS256", header("rs256", "rsa"), claims), "alg is none of");
  EXPECT_REJECTED(keys.rsa().token("RS512", header("RS512", "rsa"), claims), "not the algorithm");
  EXPECT_REJECTED(keys.rsa().token("RS512", header("RS256", "rsa"), claims), "signature");
  EXPECT_REJECTED(keys.chat.token("HS512", header("HS512"), ClaimsText{.iss = kChat}.text()), "not the algorithm");
  EXPECT_REJECTED(keys.ec.token("ES256", header("ES256K", "ec"), claims), "alg is none of");
}

TEST(AttackTest, KeysThatTheTokenBringsAlong) {
  const auto& keys = shop_keys();
  auto claims = ClaimsText{}.text();
  auto with = [](const std::string& more) { return R"({"alg":"RS256","kid":"rsa",)" + more + "}"; };
  auto own_jwk = "\"jwk\":" + keys.stranger_rsa().jwk();
  for (const auto& more :
       {own_jwk, std::string(R"("jku":"https://attacker.example/jwks")"), std::string(R"("x5u":"https://a.example/c")"),
        std::string(R"("x5c":["MIIB"],"x5t":"AA","x5t#S256":"AA")")}) {
    EXPECT_REJECTED(keys.stranger_rsa().token("RS256", with(more), claims), "signature") << more;
    EXPECT_TRUE(shop_verifier()->verify(keys.rsa().token("RS256", with(more), claims)))
        << "ignored, not obeyed: " << more;
  }
  EXPECT_REJECTED(keys.stranger_rsa().token("RS256", R"({"alg":"RS256",)" + own_jwk + "}", claims), "signature");
}

TEST(AttackTest, KidIsNothingButAName) {
  const auto& keys = shop_keys();
  auto claims = ClaimsText{}.text();
  for (auto kid :
       {"../../../../dev/null", "ec' OR '1'='1", "https://attacker.example/jwks", "EC", "ec ", "ec\\u0000", "|ls"})
    EXPECT_REJECTED(keys.stranger_ec.token("ES256", header("ES256", kid), claims), "no key with the kid");
  EXPECT_REJECTED(SigningKey::secret("").token("HS256", header("HS256", "/dev/null"), claims), "no key with the kid");
  EXPECT_REJECTED(keys.ec.token("ES256", R"({"alg":"ES256","kid":""})", claims), "no key with the kid");
  EXPECT_REJECTED(keys.ec.token("ES256", R"({"alg":"ES256","kid":null})", claims), "kid is not a string");
  EXPECT_REJECTED(keys.ec.token("ES256", R"({"alg":"ES256","kid":["ec"]})", claims), "kid is not a string");
}

TEST(AttackTest, OneIssuersKeyForAnothersName) {
  const auto& keys = shop_keys();
  EXPECT_REJECTED(keys.chat.token("HS256", header("HS256"), ClaimsText{}.text()), "not the algorithm");
  EXPECT_REJECTED(keys.ec.token("ES256", header("ES256"), ClaimsText{.iss = kChat}.text()), "not the algorithm");
  EXPECT_REJECTED(keys.stranger_ec.token("ES256", header("ES256", "ec"), ClaimsText{}.text()), "signature");
}

TEST(AttackTest, IssuersThatOnlyLookRight) {
  for (std::string iss :
       {"https://login.shop.example/", "https://LOGIN.shop.example", "http://login.shop.example",
        "https://login.shop.example\\u0000", " https://login.shop.example", "https://attacker.example"})
    EXPECT_REJECTED(login_token({.iss = iss}), "not among the configured issuers");
  EXPECT_REJECTED(login_token({.iss = "", .more = R"("iss":["https://login.shop.example"])"}), "(iss)");
  EXPECT_REJECTED(login_token({.iss = "", .more = R"("iss":null)"}), "(iss)");
  EXPECT_REJECTED(login_token({.iss = ""}), "(iss)");
}

TEST(AttackTest, ExtensionsThatMustBeUnderstood) {
  auto claims = ClaimsText{}.text();
  for (auto more : {R"("crit":["exp"],"exp":1)", R"("crit":["b64"],"b64":true)", R"("crit":[])", R"("crit":null)"})
    EXPECT_REJECTED(shop_keys().ec.token("ES256", R"({"alg":"ES256","kid":"ec",)" + std::string(more) + "}", claims),
                    "crit");
  EXPECT_REJECTED(shop_keys().ec.token("ES256", R"({"alg":"ES256","kid":"ec","b64":false})", claims), "b64");
}

TEST(AttackTest, TheSameNameTwice) {
  const auto& ec = shop_keys().ec;
  EXPECT_REJECTED(ec.token("ES256", R"({"alg":"none","alg":"ES256","kid":"ec"})", ClaimsText{}.text()), "twice");
  EXPECT_REJECTED(ec.token("ES256", R"({"alg":"ES256","kid":"rsa","k\u0069d":"ec"})", ClaimsText{}.text()), "twice");
  EXPECT_REJECTED(login_token({.more = R"("sub":"admin")"}), "twice");
  EXPECT_REJECTED(login_token({.more = R"("shop":{"a":1,"a":2})"}), "twice");
}

TEST(AttackTest, PartsThatAreTooManyTooFewOrEmpty) {
  auto token = login_token();
  auto first = token.find('.'), second = token.rfind('.');
  EXPECT_REJECTED("", "three parts");
  EXPECT_REJECTED(".", "three parts");
  EXPECT_REJECTED("..", "header is not JSON");
  EXPECT_REJECTED(token + ".", "three parts");
  EXPECT_REJECTED("." + token, "three parts");
  EXPECT_REJECTED(token.substr(0, second), "three parts");
  EXPECT_REJECTED(token.substr(0, second + 1), "no signature");
  EXPECT_REJECTED(token.substr(first), "header is not JSON");
  EXPECT_REJECTED(token.substr(0, first + 1) + token.substr(second), "payload is not JSON");
  EXPECT_REJECTED(token + "..", "encrypted");
}

TEST(AttackTest, OtherSpellingsOfTheSameBytes) {
  auto token = login_token();
  auto second = token.rfind('.');
  for (auto place :
       {std::size_t(0), std::size_t(5), token.find('.'), token.find('.') + 1, second, second + 1, token.size()})
    for (auto more : {"=", " ", "\n", "\r\n", "\t", "%"}) {
      auto changed = token;
      EXPECT_REJECTED(changed.insert(place, more), "strict base64url");
    }
  EXPECT_REJECTED(token + std::string(1, '\0'), "strict base64url");
  // 64 bytes leave four unused bits in the last character; setting one of them decodes to the same signature elsewhere.
  ASSERT_EQ(token.size() - second - 1, 86u);
  auto last = token.back();
  token.back() = last == 'A' ? 'B' : last == 'Q' ? 'R' : last == 'g' ? 'h' : 'x';
  EXPECT_REJECTED(token, "strict base64url");
}

TEST(AttackTest, Es256SignaturesInAnyShapeButRAndS) {
  auto token = login_token();
  auto head = token.substr(0, token.rfind('.') + 1);
  auto raw = *decode_base64url(token.substr(head.size()));
  ASSERT_EQ(raw.size(), 64u);
  auto r = raw.substr(0, 32), s = raw.substr(32);
  auto der_number = [](const std::string& n) {
    bool high = static_cast<unsigned char>(n[0]) >= 0x80;
    return std::string("\x02") + static_cast<char>(n.size() + high) + (high ? std::string(1, '\0') : "") + n;
  };
  auto body = der_number(r) + der_number(s);
  std::string zero(32, '\0');
  for (const auto& signature :
       {"\x30" + std::string(1, static_cast<char>(body.size())) + body, raw + '\0', raw.substr(0, 63), r + '\0' + s,
        '\0' + r + '\0' + s, zero + zero, zero + s, r + zero, s + r, std::string(64, '\xff')})
    EXPECT_REJECTED(head + encode_base64url(signature), "signature");
}

TEST(AttackTest, TokensOverTheLimit) {
  auto padded = [](std::size_t size) { return login_token({.more = "\"pad\":\"" + std::string(size, 'x') + "\""}); };
  EXPECT_TRUE(shop_verifier()->verify(padded(12'000)));
  EXPECT_REJECTED(padded(12'300), "16 KiB");
  EXPECT_REJECTED(std::string(100'000'000, '.'), "16 KiB");
}

TEST(AttackTest, HeadersAndClaimsThatAreNoStrictJson) {
  const auto& ec = shop_keys().ec;
  for (std::string head : {"", "null", "[]", "{", R"({"alg":"ES256","kid":"ec"}{})", R"({'alg':'ES256'})",
                           "{\"alg\":\"ES256\",\"x\":\"\xff\"}", R"({"alg":"ES256","x":"\udc00"})"})
    EXPECT_REJECTED(ec.token("ES256", head, ClaimsText{}.text()), "header");
  EXPECT_REJECTED(ec.token("ES256", header("ES256", "ec"), std::string(9000, '[')), "payload");
  EXPECT_REJECTED(ec.token("ES256", header("ES256", "ec"), ClaimsText{}.text() + std::string("\0{}", 3)), "NUL");
}

TEST(AttackTest, WhatIsLoggedHoldsNoMoreThanIssuerAndKid) {
  auto quiet = [](const std::string& token) {
    auto why = why_rejected(token);
    EXPECT_THAT(why, AllOf(Not(HasSubstr("cust-7")), Not(HasSubstr("leak")), Not(HasSubstr(token.substr(0, 12))),
                           Not(HasSubstr(token.substr(token.size() - 12))), Not(HasSubstr("\n"))));
    return why;
  };
  const auto& ec = shop_keys().ec;
  auto claims = ClaimsText{.more = R"("email":"leak@b.example")"};
  EXPECT_THAT(quiet(shop_keys().stranger_ec.token("ES256", header("ES256", "ec"), claims.text())),
              HasSubstr("signature"));
  claims.exp = "1";
  quiet(login_token(claims));
  claims.exp = "\"leak\"";
  quiet(login_token(claims));
  quiet(login_token({.aud = "\"leak\""}));
  quiet(ec.token("ES256", header("leak", "ec"), claims.text()));
  quiet(ec.token("ES256", R"({"alg":"ES256","typ":"leak"})", claims.text()));
  quiet(login_token({.sub = R"("cust-7\n")", .more = R"("leak":1)"}));
  EXPECT_THAT(quiet(ec.token("ES256", header("ES256", R"(a\nb\u001b[0m)"), claims.text())),
              HasSubstr(R"("a\x0ab\x1b[0m")"));
  EXPECT_THAT(quiet(login_token({.iss = R"(evil\n\"log)"})), HasSubstr(R"("evil\x0a\x22log")"));
}

} // namespace
} // namespace jwt::test
