#include "plugins/jwt/key.hpp"

#include "plugins/jwt/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <new>

namespace jwt {
namespace {

const EVP_MD* hash_of(Algorithm algorithm) {
  if (algorithm == Algorithm::eddsa) return nullptr; // it has its own
  const int bits = hash_bits(algorithm);
  return bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : EVP_sha512();
}

// JOSE has r and s side by side, OpenSSL wants them in DER. Empty when the size is not exactly that of the curve.
std::string der_signature(std::string_view raw, std::size_t coordinate_size) {
  if (raw.size() != 2 * coordinate_size) return {};
  openssl::EcdsaSignature signature(ECDSA_SIG_new());
  auto r = openssl::bignum(raw.substr(0, coordinate_size));
  auto s = openssl::bignum(raw.substr(coordinate_size));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) throw std::bad_alloc();
  static_cast<void>(r.release()); // the signature owns both now
  static_cast<void>(s.release());
  int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) throw std::bad_alloc();
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  return i2d_ECDSA_SIG(signature.get(), &out) == size ? der : std::string();
}

// What OpenSSL says of its last steps, and forgets with this.
bool lacked_memory() {
  bool lacked = false;
  for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error())
    lacked = lacked || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
  return lacked;
}

} // namespace

bool Key::verifies(std::string_view signed_text, std::string_view signature) const {
  ERR_clear_error();
  const bool matches = this->matches(signed_text, signature);
  if (!matches && lacked_memory()) throw std::bad_alloc();
  return matches;
}

bool Key::matches(std::string_view signed_text, std::string_view signature) const {
  if (signature.empty()) return false;
  const auto family = family_of(algorithm_);
  if (family == Family::hmac) return verifies_mac(signed_text, signature);
  if (family != Family::ecdsa) return verifies_public(signed_text, signature);
  const std::string der = der_signature(signature, (static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get())) + 7) / 8);
  return !der.empty() && verifies_public(signed_text, der);
}

bool Key::verifies_mac(std::string_view signed_text, std::string_view mac) const {
  unsigned char expected[EVP_MAX_MD_SIZE];
  std::size_t size = sizeof expected;
  openssl::Digest digest(EVP_MD_CTX_new());
  if (!digest || EVP_DigestSignInit(digest.get(), nullptr, hash_of(algorithm_), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(digest.get(), expected, &size, openssl::bytes(signed_text), signed_text.size()) != 1)
    throw std::bad_alloc(); // with a key that was taken, nothing else can be wrong
  return size == mac.size() && CRYPTO_memcmp(expected, mac.data(), size) == 0;
}

bool Key::verifies_public(std::string_view signed_text, std::string_view signature) const {
  openssl::Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr; // the digest's
  const EVP_MD* hash = hash_of(algorithm_);
  if (!digest || EVP_DigestVerifyInit(digest.get(), &context, hash, nullptr, key_.get()) != 1) throw std::bad_alloc();
  if (family_of(algorithm_) == Family::rsa_pss &&
      (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) <= 0 ||
       EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) <= 0 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) <= 0))
    throw std::bad_alloc();
  return EVP_DigestVerify(digest.get(), openssl::bytes(signature), signature.size(), openssl::bytes(signed_text),
                          signed_text.size()) == 1;
}

} // namespace jwt
