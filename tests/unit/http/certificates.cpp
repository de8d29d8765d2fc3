#include "tests/unit/http/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace plugboard::http {
namespace {

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make(const std::string& common_name, const std::string& names, const Certificate* authority, bool is_ca,
                 bool valid) {
  static constexpr long kDay = 24L * 3600;
  Certificate made{{EVP_EC_gen("P-256"), EVP_PKEY_free}, {X509_new(), X509_free}};
  auto* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), is_ca ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), valid ? 2 * kDay : -kDay);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  auto* issuer = authority != nullptr ? authority->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  extend(certificate, issuer, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (is_ca) extend(certificate, issuer, NID_key_usage, "critical,keyCertSign");
  if (!names.empty()) extend(certificate, issuer, NID_subject_alt_name, names);
  X509_sign(certificate, authority != nullptr ? authority->key.get() : made.key.get(), EVP_sha256());
  return made;
}

} // namespace

Certificate make_authority() {
  return make("Test Authority", "", nullptr, true, true);
}

Certificate make_certificate(const std::string& names, const Certificate* authority, bool valid) {
  return make("test", names, authority, false, valid);
}

std::string pem(const Certificate& certificate) {
  auto* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate.certificate.get());
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

ssl_ctx_st* server_context(const Certificate& certificate, int max_version) {
  auto* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, certificate.certificate.get());
  SSL_CTX_use_PrivateKey(context, certificate.key.get());
  SSL_CTX_set_max_proto_version(context, max_version);
  return context;
}

} // namespace plugboard::http
