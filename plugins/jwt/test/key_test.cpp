#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/key_set.hpp"
#include "plugins/jwt/roca.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SecretKeyTest, MustBeAsLongAsItsHash) {
  for (auto [algorithm, least] : {std::pair{Algorithm::hs256, 32}, {Algorithm::hs384, 48}, {Algorithm::hs512, 64}}) {
    const auto size = static_cast<std::size_t>(least);
    EXPECT_TRUE(Key::hmac(algorithm, std::string(size, 'k')));
    auto refused = Key::hmac(algorithm, std::string(size - 1, 'k'));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.failure().message, HasSubstr("at least " + std::to_string(least) + " bytes"));
    EXPECT_FALSE(Key::hmac(algorithm, ""));
  }
}

// The one reason why nothing of a key set with this key alone can be used; "USED" when it can.
std::string why_left_out(const std::string& jwk, std::vector<Algorithm> allowed = public_key_algorithms()) {
  auto read = read_jwks(jwks({jwk}), allowed);
  return read ? "USED" : read.failure().message;
}

TEST(JwksTest, RefusesWeakRsaKeys) {
  EXPECT_EQ(why_left_out(shop_keys().rsa().jwk()), "USED");
  EXPECT_THAT(why_left_out(SigningKey::rsa(1024).jwk()), HasSubstr("1024 bits"));
  EXPECT_THAT(why_left_out(SigningKey::rsa(2047).jwk()), HasSubstr("2047 bits"));
  std::string modulus(256, '\xab');
  auto key = [&](const std::string& n, const std::string& e) {
    return R"({"kty":"RSA","n":")" + encode_base64url(n) + R"(","e":")" + encode_base64url(e) + "\"}";
  };
  EXPECT_THAT(why_left_out(key(modulus, "\x01")), HasSubstr("unsafe"));
  EXPECT_THAT(why_left_out(key(modulus, "\x02")), HasSubstr("unsafe"));
  EXPECT_THAT(why_left_out(key(modulus, "")), HasSubstr("unsafe"));
  EXPECT_THAT(why_left_out(key(std::string(256, '\xaa'), "\x03")), HasSubstr("unsafe"));
  EXPECT_THAT(why_left_out(key(std::string(1025, '\xab'), "\x03")), HasSubstr("8192"));
  EXPECT_THAT(why_left_out(key(std::string(5000, '\xab'), "\x03")), HasSubstr("too large"));
  EXPECT_THAT(why_left_out(key(modulus, std::string(9, '\x03'))), HasSubstr("too large"));
  EXPECT_THAT(why_left_out(key("", "\x03")), HasSubstr("0 bits"));
}

TEST(JwksTest, KnowsTheMarkOfRoca) {
  // As the flawed library made them: a power of 65537 modulo the product of the first 39 primes, times no other.
  openssl::Bignum product(BN_new()), marked(BN_new()), generator(BN_new()), exponent(BN_new());
  std::unique_ptr<BN_CTX, openssl::Freed<BN_CTX_free>> context(BN_CTX_new());
  BN_one(product.get());
  for (unsigned n = 2; n <= 167; ++n) {
    bool prime = true;
    for (unsigned d = 2; d * d <= n; ++d) prime = prime && n % d != 0;
    if (prime) BN_mul_word(product.get(), n);
  }
  BN_set_word(generator.get(), 65537);
  BN_set_word(exponent.get(), 123456789);
  BN_mod_exp(marked.get(), generator.get(), exponent.get(), product.get(), context.get());
  EXPECT_TRUE(is_roca_modulus(marked.get()));
  BN_add_word(marked.get(), 2);
  EXPECT_FALSE(is_roca_modulus(marked.get()));
}

TEST(JwksTest, RefusesBrokenPoints) {
  auto point = [](const std::string& x, const std::string& y) {
    return R"({"kty":"EC","crv":"P-256","x":")" + encode_base64url(x) + R"(","y":")" + encode_base64url(y) + "\"}";
  };
  EXPECT_THAT(why_left_out(point(std::string(32, 1), std::string(32, 2))), HasSubstr("not on the curve"));
  EXPECT_THAT(why_left_out(point(std::string(32, '\xff'), std::string(32, '\xff'))), HasSubstr("not on the curve"));
  EXPECT_THAT(why_left_out(point(std::string(31, 1), std::string(32, 2))), HasSubstr("32 bytes"));
  EXPECT_THAT(why_left_out(point("", "")), HasSubstr("32 bytes"));
  EXPECT_THAT(why_left_out(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"), HasSubstr("32 bytes"));
}

TEST(JwksTest, LeavesOutKeysThatAreForSomethingElse) {
  const auto& ec = shop_keys().ec;
  EXPECT_THAT(why_left_out(ec.jwk(R"("use":"enc")")), HasSubstr("not for checking"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("use":1)")), HasSubstr("not for checking"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("key_ops":["encrypt"])")), HasSubstr("not for checking"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("key_ops":"verify")")), HasSubstr("not for checking"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("alg":"ES384")")), HasSubstr("alg"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("alg":"RS256")")), HasSubstr("alg"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("alg":"HS256")")), HasSubstr("alg"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("alg":null)")), HasSubstr("alg"));
  EXPECT_THAT(why_left_out(ec.jwk(R"("d":"AAAA")")), HasSubstr("secret"));
  EXPECT_THAT(why_left_out(R"({"kty":"oct","k":"AAAA","alg":"HS256"})"), HasSubstr("secret"));
  EXPECT_THAT(why_left_out(R"({"kty":"EC","crv":"P-192","x":"AA","y":"AA"})"), HasSubstr("kty"));
  EXPECT_THAT(why_left_out(R"({"kty":"oct"})"), HasSubstr("kty"));
  EXPECT_THAT(why_left_out("{}"), HasSubstr("kty"));
  EXPECT_THAT(why_left_out("7"), HasSubstr("not an object"));
}

TEST(JwksTest, KeepsWhatItCanUseAndSaysWhatItLeavesOut) {
  auto read =
      read_jwks(jwks({R"({"kty":"EC","crv":"secp256k1","kid":"odd"})", shop_keys().ec.jwk()}), public_key_algorithms());
  ASSERT_TRUE(read) << read.failure().message;
  EXPECT_EQ(read->keys.size(), 1u);
  EXPECT_THAT(read->ignored, ElementsAre(HasSubstr("\"odd\" is left out")));
}

TEST(JwksTest, RefusesFilesThatAreNoKeySet) {
  auto fault = [](const std::string& json) {
    auto read = read_jwks(json, public_key_algorithms());
    return read ? "TAKEN" : read.failure().message;
  };
  auto ec = shop_keys().ec.jwk(R"("kid":"a")");
  EXPECT_EQ(fault(""), "it is not JSON");
  EXPECT_EQ(fault("{}"), "it has no array \"keys\"");
  EXPECT_EQ(fault(ec), "it has no array \"keys\"");
  EXPECT_EQ(fault("{\"keys\":[]}"), "it has no keys");
  EXPECT_THAT(fault("{\"keys\":[" + ec + "],\"keys\":[]}"), HasSubstr("twice"));
  EXPECT_EQ(fault(jwks({ec, shop_keys().stranger_ec.jwk(R"("kid":"a")")})), "the key \"a\" is in it twice");
  EXPECT_THAT(fault("{\"keys\":[],\"pad\":\"" + std::string(256 * 1024, 'x') + "\"}"), HasSubstr("256 KiB"));
  std::string many;
  for (int i = 0; i < 65; ++i) many += (i ? "," : "") + shop_keys().ed.jwk();
  EXPECT_THAT(fault("{\"keys\":[" + many + "]}"), HasSubstr("64 keys"));
}

TEST(JwksTest, AllowedAlgorithmsDecideWhatAnRsaKeyWithoutAlgIsFor) {
  auto verdict = [](std::vector<Algorithm> allowed, const char* alg) {
    auto read = read_jwks(jwks({shop_keys().rsa().jwk()}), allowed);
    auto jws = read_jws(shop_keys().rsa().token(alg, header(alg), "{}"));
    return read && jws && read->keys.verified(std::move(*jws));
  };
  EXPECT_TRUE(verdict(public_key_algorithms(), "RS256"));
  EXPECT_FALSE(verdict(public_key_algorithms(), "PS256"));
  EXPECT_TRUE(verdict({Algorithm::ps256, Algorithm::rs256}, "PS256"));
  EXPECT_FALSE(verdict({Algorithm::ps256, Algorithm::rs256}, "RS256"));
  EXPECT_THAT(why_left_out(shop_keys().rsa().jwk(), {Algorithm::es256}), HasSubstr("configuration allows"));
  EXPECT_THAT(why_left_out(shop_keys().rsa().jwk(R"("alg":"RS256")"), {Algorithm::ps256}),
              HasSubstr("configuration allows"));
}

} // namespace
} // namespace jwt::test
