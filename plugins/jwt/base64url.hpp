// base64url as JOSE writes it (RFC 4648 section 5, no padding), read strictly: one text for each sequence of bytes, so
// that no two tokens differ in their text and mean the same. [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jwt {

// None for padding, white space, any foreign character, an impossible length, or unused bits that are not zero.
std::optional<std::string> decode_base64url(std::string_view text);
std::string encode_base64url(std::string_view bytes);

} // namespace jwt
