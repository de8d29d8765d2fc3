// How keys come to be: from a secret or from the numbers of a JWK, each tested before it is believed.
#include "plugins/jwt/key.hpp"
#include "plugins/jwt/openssl.hpp"
#include "plugins/jwt/roca.hpp"

#include <openssl/core_names.h>

namespace jwt {
namespace {

using plugboard::Failure;
using plugboard::Status;

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192; // checking a signature costs the square of it

struct Curve {
  const char* name; // as JOSE has it
  const char* openssl_name;
  std::size_t coordinate_size;
};

const Curve& curve_of(Algorithm algorithm) {
  static constexpr Curve kP256{"P-256", "prime256v1", 32}, kP384{"P-384", "secp384r1", 48},
      kP521{"P-521", "secp521r1", 66};
  return algorithm == Algorithm::es256 ? kP256 : algorithm == Algorithm::es384 ? kP384 : kP521;
}

Failure refused(std::string why) {
  return Failure{Status::failed, std::move(why)};
}

// The key of that type, or null when OpenSSL finds that it is none (a point off the curve). Not
// EVP_PKEY_public_check(): for RSA it looks for factors, which takes up to seconds and tells nothing that
// is_roca_modulus() and the size do not.
openssl::Pkey public_key(const char* type, OSSL_PARAM_BLD* builder) {
  openssl::Params params(OSSL_PARAM_BLD_to_param(builder));
  openssl::PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return openssl::Pkey(key);
}

} // namespace

plugboard::Result<Key> Key::hmac(Algorithm algorithm, std::string_view secret) {
  const auto least = static_cast<std::size_t>(hash_bits(algorithm)) / 8;
  if (secret.size() < least)
    return refused("an " + std::string(name_of(algorithm)) + " key must have at least " + std::to_string(least) +
                   " bytes (RFC 7518), this one has " + std::to_string(secret.size()) +
                   ": let the issuer make a longer one");
  openssl::Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, openssl::bytes(secret), secret.size()));
  if (!key) return refused("OpenSSL does not take the HMAC key");
  return Key(algorithm, std::move(key));
}

plugboard::Result<Key> Key::rsa(Algorithm algorithm, std::string_view modulus, std::string_view exponent) {
  constexpr std::size_t kMostBytes = kMaxRsaBits / 8 + 1;
  if (modulus.size() > kMostBytes || exponent.size() > 8) return refused("the RSA key is too large to check quickly");
  auto n = openssl::bignum(modulus);
  auto e = openssl::bignum(exponent);
  if (!n || !e) return refused("the RSA key's numbers can't be read");
  if (BN_num_bits(n.get()) < kMinRsaBits)
    return refused("the RSA key has " + std::to_string(BN_num_bits(n.get())) + " bits; at least 2048 are needed");
  if (BN_num_bits(n.get()) > kMaxRsaBits) return refused("the RSA key has more than 8192 bits");
  if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get()))
    return refused("the RSA key's modulus or exponent is unsafe");
  if (is_roca_modulus(n.get())) return refused("the RSA key was made by hardware with a known flaw (ROCA)");
  openssl::ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return refused("no memory for the RSA key");
  auto key = public_key("RSA", builder.get());
  if (!key) return refused("OpenSSL does not take the RSA key");
  return Key(algorithm, std::move(key));
}

plugboard::Result<Key> Key::ecdsa(Algorithm algorithm, std::string_view x, std::string_view y) {
  const auto& curve = curve_of(algorithm);
  if (x.size() != curve.coordinate_size || y.size() != curve.coordinate_size)
    return refused("a " + std::string(curve.name) + " key's coordinates must have " +
                   std::to_string(curve.coordinate_size) + " bytes each");
  std::string point = "\x04"; // uncompressed
  point.append(x).append(y);
  openssl::ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
    return refused("no memory for the " + std::string(curve.name) + " key");
  auto key = public_key("EC", builder.get());
  if (!key) return refused("the key's point is not on the curve " + std::string(curve.name));
  return Key(algorithm, std::move(key));
}

plugboard::Result<Key> Key::eddsa(std::string_view x) {
  if (x.size() != 32) return refused("an Ed25519 key must have 32 bytes");
  openssl::Pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, openssl::bytes(x), x.size()));
  if (!key) return refused("OpenSSL does not take the Ed25519 key");
  return Key(Algorithm::eddsa, std::move(key));
}

} // namespace jwt
