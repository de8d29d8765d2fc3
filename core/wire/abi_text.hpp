// Reads what crosses the border from a plugin: prefixes first, then no more than the struct says it has. [any thread]
#pragma once

#include "core/wire/fields.hpp"

#include <plugboard/abi.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace plugboard::wire {

inline std::string_view view(plugboard_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline plugboard_str str(std::string_view text) {
  return {text.data(), text.size()};
}

inline void put(FieldWriter& fields, plugboard_str text) {
  fields.text(view(text));
}

inline plugboard_str take(FieldReader& fields) { // a view into the frame
  return str(fields.text());
}

inline bool is_readable(plugboard_str text) {
  return text.size == 0 || text.data != nullptr;
}

// Copies as much of a struct as its own size says, the rest stays zero. False: no struct of ours, or too short to have
// what 1.0 demands of it.
template <class T>
bool read_struct(const T* from, std::size_t at_least, T& to) {
  to = T{};
  if (from == nullptr) return false;
  plugboard_prefix prefix;
  std::memcpy(&prefix, from, sizeof prefix);
  if (prefix.magic != PLUGBOARD_MAGIC || prefix.abi_major != PLUGBOARD_ABI_MAJOR || prefix.struct_size < at_least)
    return false;
  std::memcpy(static_cast<void*>(&to), from, std::min<std::size_t>(prefix.struct_size, sizeof to));
  return true;
}

} // namespace plugboard::wire
