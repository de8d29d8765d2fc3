// Names the hub mints: UUIDv7 for records, prefixed tokens for credentials. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/base/secret.hpp"

#include <string>
#include <string_view>

namespace plugboard {

std::string new_uuid7(const Clock& clock, Random& random); // RFC 9562, lower case with dashes
std::string new_customer_id(Random& random);               // "cus_" and 128 random bits, base32 lower case

// PREFIX, 43 characters base64url of 256 random bits, 6 characters of base62 CRC-32 over what stands before them, so
// that secret scanners recognise one and a mistyped one never reaches a look-up. prefix: "pbs_", "pbk_", "pbc_", …
Secret new_token(std::string_view prefix, Random& random);
bool is_token(std::string_view prefix, std::string_view text); // form and checksum only

bool is_connector_name(std::string_view text);  // [a-z][a-z0-9_]{0,31}: plugins, connectors, sections' own names
bool is_identifier_type(std::string_view text); // NAME or CONNECTOR.NAME
bool is_client_id(std::string_view text);       // [A-Za-z0-9][A-Za-z0-9._-]{0,63}: clients, tenants, purposes

} // namespace plugboard
