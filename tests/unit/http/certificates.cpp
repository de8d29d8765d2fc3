#include "tests/unit/http/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace plugboard::http {
namespace {

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void name(X509* certificate, const char* attribute, const std::string& value) {
  if (value.empty()) return;
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), attribute, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
}

int choose(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned offered_size,
           void* protocol) {
  const std::string_view wanted(static_cast<const char*>(protocol));
  if (wanted.starts_with('!')) {
    *chosen = reinterpret_cast<const unsigned char*>(wanted.data() + 1);
    *size = static_cast<unsigned char>(wanted.size() - 1);
    return SSL_TLSEXT_ERR_OK;
  }
  for (unsigned at = 0; at < offered_size; at += 1U + offered[at]) {
    if (std::string_view(reinterpret_cast<const char*>(offered) + at + 1, offered[at]) != wanted) continue;
    *chosen = offered + at + 1;
    *size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

std::string text_of(BIO* memory) { // and frees it
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

} // namespace

Certificate certificate_for(const CertificateWish& wish, const Certificate* authority) {
  static constexpr long kDay = 24L * 3600;
  Certificate made{{EVP_EC_gen("P-256"), EVP_PKEY_free}, {X509_new(), X509_free}};
  auto* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), wish.is_authority ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.from_days * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.to_days * kDay);
  X509_set_pubkey(certificate, made.key.get());
  name(certificate, "O", wish.organisation);
  name(certificate, "CN", wish.common_name);
  auto* issuer = authority != nullptr ? authority->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  extend(certificate, issuer, NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (wish.is_authority) extend(certificate, issuer, NID_key_usage, "critical,keyCertSign");
  if (!wish.names.empty()) extend(certificate, issuer, NID_subject_alt_name, wish.names);
  if (!wish.extended_usage.empty()) extend(certificate, issuer, NID_ext_key_usage, wish.extended_usage);
  X509_sign(certificate, authority != nullptr ? authority->key.get() : made.key.get(), EVP_sha256());
  return made;
}

Certificate make_authority() {
  return certificate_for({.common_name = "Test Authority", .is_authority = true}, nullptr);
}

Certificate make_certificate(const std::string& names, const Certificate* authority, bool valid) {
  return certificate_for({.names = names, .to_days = valid ? 2 : -1}, authority);
}

std::string pem(const Certificate& certificate) {
  auto* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate.certificate.get());
  return text_of(memory);
}

std::string fingerprint(const Certificate& certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  X509_digest(certificate.certificate.get(), EVP_sha256(), digest, &size);
  auto* text = OPENSSL_buf2hexstr(digest, size);
  std::string made(text);
  OPENSSL_free(text);
  return made;
}

std::string key_pem(const Certificate& certificate, std::string passphrase) {
  auto* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(memory, certificate.key.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                passphrase.empty() ? nullptr : passphrase.data(), static_cast<int>(passphrase.size()),
                                nullptr, nullptr);
  return text_of(memory);
}

ssl_ctx_st* server_context(const Certificate& certificate, int max_version, const char* protocol) {
  auto* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, certificate.certificate.get());
  SSL_CTX_use_PrivateKey(context, certificate.key.get());
  SSL_CTX_set_max_proto_version(context, max_version);
  if (*protocol != '\0') SSL_CTX_set_alpn_select_cb(context, choose, const_cast<char*>(protocol));
  return context;
}

} // namespace plugboard::http
