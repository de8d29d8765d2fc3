// What a verified certificate says, read into our own words. [any thread]
#pragma once

#include "core/base/certificate.hpp"

#include <openssl/x509.h>

namespace plugboard::http {

CertificateNames names_of(X509* certificate);
WallTime wall_time_of(const ASN1_TIME* time);

} // namespace plugboard::http
