#include "plugins/jwt/key.hpp"

#include "plugins/jwt/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <new>

namespace jwt {
namespace {

constexpr std::size_t kMacSize = 32;
constexpr std::size_t kCoordinateSize = 32;

// JOSE has r and s side by side, OpenSSL wants them in DER. Empty when the size is not exactly that of P-256.
std::string der_signature(std::string_view raw) {
  if (raw.size() != 2 * kCoordinateSize) return {};
  openssl::EcdsaSignature signature(ECDSA_SIG_new());
  auto r = openssl::bignum(raw.substr(0, kCoordinateSize));
  auto s = openssl::bignum(raw.substr(kCoordinateSize));
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
  if (algorithm_ == Algorithm::hs256) return verifies_mac(signed_text, signature);
  if (algorithm_ != Algorithm::es256) return verifies_public(signed_text, signature);
  std::string der = der_signature(signature);
  return !der.empty() && verifies_public(signed_text, der);
}

bool Key::verifies_mac(std::string_view signed_text, std::string_view mac) const {
  unsigned char expected[kMacSize];
  std::size_t size = sizeof expected;
  openssl::Digest digest(EVP_MD_CTX_new());
  if (!digest || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(digest.get(), expected, &size, openssl::bytes(signed_text), signed_text.size()) != 1)
    throw std::bad_alloc(); // with a key that was taken, nothing else can be wrong
  return size == kMacSize && mac.size() == kMacSize && CRYPTO_memcmp(expected, mac.data(), kMacSize) == 0;
}

bool Key::verifies_public(std::string_view signed_text, std::string_view signature) const {
  openssl::Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr; // the digest's
  const EVP_MD* hash = algorithm_ == Algorithm::eddsa ? nullptr : EVP_sha256();
  if (!digest || EVP_DigestVerifyInit(digest.get(), &context, hash, nullptr, key_.get()) != 1) throw std::bad_alloc();
  if (algorithm_ == Algorithm::ps256 && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) <= 0 ||
                                         EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) <= 0 ||
                                         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) <= 0))
    throw std::bad_alloc();
  return EVP_DigestVerify(digest.get(), openssl::bytes(signature), signature.size(), openssl::bytes(signed_text),
                          signed_text.size()) == 1;
}

} // namespace jwt
