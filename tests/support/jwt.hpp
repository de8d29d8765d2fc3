// Tokens as a chat widget would sign them, and as an attacker would not. [any thread]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::test {

std::string base64url(std::string_view bytes);
std::string hs256(std::string_view header, std::string_view claims, std::string_view key); // JSON texts; signed
std::string unsigned_token(std::string_view header, std::string_view claims);              // ends with the dot

std::int64_t unix_now();

} // namespace plugboard::test
