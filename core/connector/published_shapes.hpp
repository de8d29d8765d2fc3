// The shapes that the SDK publishes, compiled: what sections are held against.
#pragma once

#include "core/json/shape.hpp"

namespace plugboard::connector {
json::Shapes published_shapes();
} // namespace plugboard::connector
