// Hashes, keys and signatures stand in the files as lower-case hexadecimal digits. Pure.
#pragma once

#include "core/base/crypto.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::audit {

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text); // none: other characters, or an odd number of them
std::optional<Digest> digest_from_hex(std::string_view text);

} // namespace plugboard::audit
