// Whether a JSON text that was read holds account numbers (base/account_numbers.hpp) in its strings, names and numbers.
#pragma once

#include "core/json/reader.hpp"

#include <string_view>

namespace plugboard::json {

// text: what `value` was read from. Where no escape in it hides a part of a number, its bytes are what it says, and
// nothing else is looked at. May then say so of a letter that is an escape's: never too little.
bool holds_account_number(Value value, std::string_view text);

} // namespace plugboard::json
