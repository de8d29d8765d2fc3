// JSON as this plugin reads it: its configuration, and what the hub hands on and has read strictly before.
// [any thread]
#pragma once

#include <plugboard/json_memory.hpp>

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

namespace otp {

using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<plugboard::JsonMemory>,
                                            plugboard::JsonMemory>;
using Value = Document::ValueType;

// None: it is not a JSON object.
std::optional<Document> read_object(std::string_view text);

inline std::string_view text_of(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

// Null when there is none of that name, or `object` is no object.
const Value* member(const Value& object, std::string_view name);
std::optional<std::string_view> text_member(const Value& object, std::string_view name);

} // namespace otp
