// By which certificate a client is known: by exactly one of the names that RFC 8705 lets a client be registered with,
// or by the certificate itself. Always the whole name, never a pattern. A value, in one spelling.
#pragma once

#include "core/base/certificate.hpp"
#include "core/base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::session {

struct CertificateRule {
  enum class By : std::uint8_t { subject = 1, dns, uri, sha256 };
  By by = By::subject;
  std::string value;
  friend auto operator<=>(const CertificateRule&, const CertificateRule&) = default;
};

// Error: invalid_argument; the message says how it must be written.
Result<CertificateRule> make_certificate_rule(CertificateRule::By by, std::string_view text);

std::vector<CertificateRule> rules_met_by(const CertificateNames& names); // every one there could be

} // namespace plugboard::session
