// The name in a certificate, as RFC 4514 writes it ("CN=desk,O=Shop"), in one spelling, so that equal names are equal
// texts. [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plugboard {

// Attribute types upper case, no spaces between the parts, escaped only what must be. Values keep their case. None: it
// is no such name.
std::optional<std::string> normal_distinguished_name(std::string_view text);

} // namespace plugboard
