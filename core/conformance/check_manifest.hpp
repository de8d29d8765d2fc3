// A plugin's manifest and its configuration's schema, held against what is published, each fault by its JSON Pointer.
// Pure.
#pragma once

#include "core/conformance/rules.hpp"

namespace plugboard::conformance {

std::string_view manifest_schema(); // sdk/manifest.schema.json

// text: the note's, {"manifest": {…}, "config_schema": {…}}.
void check_manifest(std::string_view text, Findings& findings);

} // namespace plugboard::conformance
