// Refuses a schema that the validator would enforce only in part: its keywords, their types, its references. What
// passes may be walked without asking again what is where. Used once, when a Schema is compiled. [any thread]
#pragma once

#include "core/base/result.hpp"

#include "core/json/tree.hpp"

namespace plugboard::json {

Result<void> lint_schema(const TreeValue& schema);

// Takes every `format` out of a linted schema; true if there was one.
bool remove_formats(TreeValue& schema);

// The schema that "#/$defs/NAME" names; null when there is none.
const TreeValue* resolve(const TreeValue& root, const TreeValue& reference);

} // namespace plugboard::json
