// HMAC-SHA-256 and what is made of it: names that only the holder of a key can make. [any thread]
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace otp {

std::string hmac_sha256(std::string_view key, std::string_view text); // 32 bytes

// Of several parts, none of which can run into its neighbour; base64url.
std::string keyed_hash(std::string_view key, std::initializer_list<std::string_view> parts);

// In the same time wherever they differ; texts of different size differ.
bool same(std::string_view a, std::string_view b);

std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes); // without padding
std::optional<std::string> from_base64(std::string_view text);

void wipe(std::string& secret);

} // namespace otp
