// JSON as a tree that throws std::bad_alloc when memory ends; RapidJSON's own would end the hub. [values]
#pragma once

#include <plugboard/json_memory.hpp>

#include <rapidjson/document.h>

namespace plugboard::sql {

using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<JsonMemory>, JsonMemory>;
using TreeValue = Document::ValueType;

} // namespace plugboard::sql
