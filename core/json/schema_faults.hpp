// Says what is wrong with a value that the validator refused, in words for the person who wrote it. Walks the linted
// schema beside the value; the verdict itself is the validator's, but for `format`. [any thread]
#pragma once

#include "core/json/document.hpp"

namespace plugboard::json {

std::vector<Fault> explain(const TreeValue& schema, const TreeValue& value, std::string_view at);

} // namespace plugboard::json
