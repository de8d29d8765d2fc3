// From a section's JSON Schema to the tree that is checked on the way of a request. Once, at start. [any thread]
#pragma once

#include "core/json/document.hpp"
#include "core/json/shape_node.hpp"

namespace plugboard::json {

// Fills `tree`, which must be empty and may not move afterwards.
Result<void> compile_shape(const TreeValue& schema, ShapeTree& tree);

} // namespace plugboard::json
