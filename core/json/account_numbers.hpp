// Whether a JSON text that was read holds account numbers (base/account_numbers.hpp) in its strings, names and numbers.
#pragma once

#include "core/json/reader.hpp"

#include <string_view>

namespace plugboard::json {

// text: what `value` was read from. Without escapes in it its bytes are what it says, and nothing else is looked at.
bool holds_account_number(Value value, std::string_view text);

} // namespace plugboard::json
