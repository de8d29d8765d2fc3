// RapidJSON's tree over the memory that the SDK gives plugins, too: where there is none it throws std::bad_alloc.
// Values.
#pragma once

#include <plugboard/json_memory.hpp>

#include <rapidjson/document.h>

namespace plugboard::json {

using Tree = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<JsonMemory>, JsonMemory>;
using TreeValue = Tree::ValueType;

} // namespace plugboard::json
