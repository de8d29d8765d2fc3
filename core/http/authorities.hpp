// Whose certificates of upstreams are believed: read once, shared by every client of the hub. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <memory>
#include <string>

struct x509_store_st; // of OpenSSL, whose headers stay out of here

namespace plugboard::http {

using AuthoritiesPtr = std::shared_ptr<x509_store_st>;

// ca_file: PEM; empty: the system's. Error: what is wrong with the file, and what to do.
Result<AuthoritiesPtr> read_authorities(const std::string& ca_file);

} // namespace plugboard::http
