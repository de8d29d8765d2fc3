#include "plugins/jwt/test/signing_key.hpp"

#include "plugins/jwt/base64url.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace jwt::test {
namespace {

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL failed in the test's own code");
}

// DER to r and s side by side.
std::string raw_signature(std::string_view der, int width) {
  const unsigned char* at = openssl::bytes(der);
  openssl::EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  must(signature != nullptr);
  std::string raw(2 * static_cast<std::size_t>(width), '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  must(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, width) == width);
  must(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + width, width) == width);
  return raw;
}

const EVP_MD* hash_of(std::string_view alg) {
  if (alg == "EdDSA") return nullptr;
  return alg.ends_with("512") ? EVP_sha512() : alg.ends_with("384") ? EVP_sha384() : EVP_sha256();
}

} // namespace

SigningKey SigningKey::rsa(unsigned bits) {
  SigningKey made;
  made.key_ = openssl::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t(bits)));
  return made;
}

SigningKey SigningKey::p256() {
  return ec("P-256");
}

SigningKey SigningKey::ec(const char* curve) {
  SigningKey made;
  made.key_ = openssl::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
  return made;
}

SigningKey SigningKey::ed25519() {
  SigningKey made;
  made.key_ = openssl::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return made;
}

SigningKey SigningKey::secret(std::string bytes) {
  SigningKey made;
  made.key_ = openssl::Pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, openssl::bytes(bytes), bytes.size()));
  return made;
}

SigningKey SigningKey::of(std::shared_ptr<EVP_PKEY> key) {
  SigningKey made;
  made.key_ = std::move(key);
  return made;
}

std::string SigningKey::sign(std::string_view alg, std::string_view text) const {
  openssl::Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;
  must(EVP_DigestSignInit(digest.get(), &context, hash_of(alg), nullptr, key_.get()) == 1);
  if (alg.starts_with("PS")) {
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0);
    must(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0);
  }
  std::size_t size = 0;
  must(EVP_DigestSign(digest.get(), nullptr, &size, openssl::bytes(text), text.size()) == 1);
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  must(EVP_DigestSign(digest.get(), out, &size, openssl::bytes(text), text.size()) == 1);
  signature.resize(size);
  return alg.starts_with("ES") ? raw_signature(signature, coordinate_size()) : signature;
}

std::string SigningKey::token(std::string_view alg, std::string_view header, std::string_view payload) const {
  std::string text = encode_base64url(header) + "." + encode_base64url(payload);
  return text + "." + encode_base64url(sign(alg, text));
}

int SigningKey::coordinate_size() const {
  return (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
}

std::string SigningKey::number(const char* parameter, int size) const {
  BIGNUM* read = nullptr;
  must(EVP_PKEY_get_bn_param(key_.get(), parameter, &read) == 1);
  openssl::Bignum value(read);
  int width = size > 0 ? size : BN_num_bytes(value.get());
  std::string bytes(static_cast<std::size_t>(width), '\0');
  must(BN_bn2binpad(value.get(), reinterpret_cast<unsigned char*>(bytes.data()), width) == width);
  return encode_base64url(bytes);
}

std::string SigningKey::jwk(std::string_view more) const {
  std::string members;
  if (EVP_PKEY_is_a(key_.get(), "RSA")) {
    members = R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
              number(OSSL_PKEY_PARAM_RSA_E, 0) + "\"";
  } else if (EVP_PKEY_is_a(key_.get(), "EC")) {
    const int size = coordinate_size();
    members = R"("kty":"EC","crv":"P-)" + std::to_string(EVP_PKEY_get_bits(key_.get())) + R"(","x":")" +
              number(OSSL_PKEY_PARAM_EC_PUB_X, size) + R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, size) + "\"";
  } else {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    must(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) == 1);
    members = R"("kty":"OKP","crv":"Ed25519","x":")" + encode_base64url(raw) + "\"";
  }
  return "{" + members + (more.empty() ? "" : "," + std::string(more)) + "}";
}

std::string SigningKey::public_pem() const {
  std::unique_ptr<BIO, openssl::Freed<BIO_free>> memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PUBKEY(memory.get(), key_.get()) == 1);
  char* text = nullptr;
  auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string header(std::string_view alg, std::string_view kid) {
  std::string text = R"({"alg":")" + std::string(alg) + "\"";
  return text + (kid.empty() ? "}" : R"(,"kid":")" + std::string(kid) + "\"}");
}

std::string jwks(std::initializer_list<std::string> keys) {
  std::string list;
  for (const auto& key : keys) list += (list.empty() ? "" : ",") + key;
  return "{\"keys\":[" + list + "]}";
}

} // namespace jwt::test
