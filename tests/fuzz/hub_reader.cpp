#include "tests/fuzz/hub_reader.hpp"

#include "core/json/reader.hpp"

namespace plugboard::fuzz {

bool is_sound_object(std::string_view text) {
  json::Reader reader;
  const auto value = reader.read(text);
  return value.has_value() && value->is_object();
}

} // namespace plugboard::fuzz
