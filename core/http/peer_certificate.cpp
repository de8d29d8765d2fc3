#include "core/http/peer_certificate.hpp"

#include "core/base/crypto.hpp"
#include "core/base/distinguished_name.hpp"

#include <openssl/bio.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

namespace plugboard::http {
namespace {

std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

// What RFC 4514 must escape is escaped, so that no value can pose as another attribute;
// letters beyond ASCII stay UTF-8.
std::string subject_of(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return text_of(memory.get());
}

// A name with a control character in it, such as a NUL that cuts it short for some readers, is none.
bool is_plain(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

void take_alternative_names(X509* certificate, CertificateNames& names) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> found(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(found.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_URI) continue;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.ia5)),
                     static_cast<std::size_t>(ASN1_STRING_length(name->d.ia5)));
    if (!is_plain(text)) continue;
    if (name->type == GEN_URI) {
      names.uris.push_back(std::move(text));
    } else {
      std::transform(text.begin(), text.end(), text.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      names.dns.push_back(std::move(text));
    }
  }
}

} // namespace

WallTime wall_time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return WallTime::min();
  constexpr auto kFirst = std::chrono::duration_cast<std::chrono::seconds>(Duration::min());
  constexpr auto kLast = std::chrono::duration_cast<std::chrono::seconds>(Duration::max());
  const std::chrono::seconds seconds(::timegm(&parts)); // "never" is the year 9999, which our clocks don't reach
  return WallTime(std::clamp(seconds, kFirst, kLast));
}

CertificateNames names_of(X509* certificate) {
  CertificateNames names;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  names.sha256 = hex({digest.data(), size});
  names.subject = normal_distinguished_name(subject_of(certificate)).value_or("");
  take_alternative_names(certificate, names);
  names.not_after = wall_time_of(X509_get0_notAfter(certificate));
  return names;
}

} // namespace plugboard::http
