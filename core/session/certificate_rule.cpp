#include "core/session/certificate_rule.hpp"

#include "core/base/distinguished_name.hpp"

#include <algorithm>

namespace plugboard::session {
namespace {

using By = CertificateRule::By;

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return made;
}

bool is_one_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

Error wrong(const std::string& how) {
  return fail(Code::invalid_argument, how, "clients");
}

Result<CertificateRule> by_subject(std::string_view text) {
  auto name = normal_distinguished_name(text);
  if (name) return CertificateRule{By::subject, std::move(*name)};
  return wrong("must be the certificate's whole subject, such as \"CN=desk,O=Shop\"; this prints it: openssl x509 "
               "-noout -subject -nameopt RFC2253 -in CERTIFICATE");
}

// As OpenSSL prints it, with colons, or without.
Result<CertificateRule> by_sha256(std::string_view text) {
  auto digits = lower(text);
  std::erase(digits, ':');
  const bool good = digits.size() == 64 && digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (good) return CertificateRule{By::sha256, std::move(digits)};
  return wrong("must be the 64 hex digits that this prints: openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE");
}

} // namespace

Result<CertificateRule> make_certificate_rule(By by, std::string_view text) {
  switch (by) {
  case By::subject:
    return by_subject(text);
  case By::sha256:
    return by_sha256(text);
  case By::dns:
    if (is_one_word(text) && text.find('*') == std::string_view::npos) return CertificateRule{by, lower(text)};
    return wrong("must be one whole DNS name of the certificate, such as \"desk.shop.example\", without a wildcard");
  case By::uri:
    if (is_one_word(text) && text.find(':') != std::string_view::npos) return CertificateRule{by, std::string(text)};
    return wrong("must be one whole URI of the certificate, such as \"spiffe://shop.example/desk\"");
  }
  return wrong("is no way to know a certificate");
}

std::vector<CertificateRule> rules_met_by(const CertificateNames& names) {
  std::vector<CertificateRule> met{{By::sha256, names.sha256}, {By::subject, names.subject}};
  for (const auto& dns : names.dns) met.push_back({By::dns, dns});
  for (const auto& uri : names.uris) met.push_back({By::uri, uri});
  return met;
}

} // namespace plugboard::session
