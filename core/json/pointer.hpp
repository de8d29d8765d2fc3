// JSON Pointers (RFC 6901), as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

std::string pointer_append(std::string_view pointer, std::string_view token);     // escapes ~ and /
std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer); // none: not a pointer

} // namespace plugboard::json
