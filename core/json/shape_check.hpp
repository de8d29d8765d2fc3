// Holds a value against a compiled shape, and writes it again without what the shape does not know. [any thread]
#pragma once

#include "core/json/shape_node.hpp"

namespace plugboard::json {

// How many members are to be cut out. Error: malformed, with the pointer of the first fault.
Result<std::size_t> check_shape(const ShapeNode& node, Value value);

// The value without those members; only of one that check_shape() has passed.
std::string cut_to_shape(const ShapeNode& node, Value value);

} // namespace plugboard::json
