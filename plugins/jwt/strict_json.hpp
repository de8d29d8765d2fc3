// The one way in which this plugin reads JSON that came from outside: token headers, claims, key sets, credentials.
// What two readers could understand differently is refused. [any thread]
#pragma once

#include <plugboard/json_memory.hpp>

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

namespace jwt {

using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<plugboard::JsonMemory>,
                                            plugboard::JsonMemory>;
using Value = Document::ValueType;

inline constexpr int kMaxJsonDepth = 16;

// Fills `into` with the object that `text` is; else says what is wrong, without quoting any of it: no object, broken
// syntax or UTF-8, a lone surrogate, a name twice in one object, a number out of range, too deep.
std::optional<std::string> read_json_object(std::string_view text, Document& into);

inline std::string_view text_of(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

// The member of that name, or null when there is none or `object` is no object.
const Value* member(const Value& object, std::string_view name);

// The member as text; none when it is absent or something else.
std::optional<std::string_view> text_member(const Value& object, std::string_view name);

// Something a stranger wrote, made fit for a log line: quoted, printable ASCII only, cut after 80 characters.
std::string in_quotes(std::string_view text);

} // namespace jwt
