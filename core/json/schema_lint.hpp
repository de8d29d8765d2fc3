// Refuses a schema that the validator would enforce only in part: its keywords, their types, its references. What
// passes may be walked without asking again what is where. Used once, when a Schema is compiled. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <rapidjson/document.h>

namespace plugboard::json {

Result<void> lint_schema(const rapidjson::Value& schema);

// Takes every `format` out of a linted schema; true if there was one.
bool remove_formats(rapidjson::Value& schema);

// The schema that "#/$defs/NAME" names; null when there is none.
const rapidjson::Value* resolve(const rapidjson::Value& root, const rapidjson::Value& reference);

} // namespace plugboard::json
