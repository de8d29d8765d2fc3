// Hashes, MACs and encodings. The only room that includes OpenSSL's EVP. [any thread]
#pragma once

#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "core/base/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plugboard {

using Digest = std::array<unsigned char, 32>; // SHA-256

Digest sha256(std::string_view bytes);
Digest hmac_sha256(const Secret& key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);
std::string hex(std::span<const unsigned char> bytes);       // lower case
std::string base64(std::string_view bytes);                  // with padding
std::string base64url(std::span<const unsigned char> bytes); // without padding

// AES-256-GCM under 32 bytes of key: what was closed opens only with the same key, and told what it is about as then.
// A random nonce, the bytes and their tag in one text.
std::string close(const Secret& key, std::string_view bytes, std::string_view about, Random& random);
std::optional<Secret> open(const Secret& key, std::string_view closed, std::string_view about);

std::uint32_t crc32(std::string_view bytes);

} // namespace plugboard
