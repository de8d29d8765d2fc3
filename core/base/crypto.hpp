// Hashes, MACs and encodings. The only room that includes OpenSSL's EVP. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/base/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace plugboard {

using Digest = std::array<unsigned char, 32>; // SHA-256

Digest sha256(std::string_view bytes);
Digest hmac_sha256(const Secret& key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);
std::string hex(std::span<const unsigned char> bytes);       // lower case
std::string base64url(std::span<const unsigned char> bytes); // without padding
std::uint32_t crc32(std::string_view bytes);

} // namespace plugboard
