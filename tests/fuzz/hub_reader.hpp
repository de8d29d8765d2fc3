// The hub's strict reader, for targets of plugins: the SDK's names and the hub's cannot stand in one file.
#pragma once

#include <string_view>

namespace plugboard::fuzz {

bool is_sound_object(std::string_view text);

} // namespace plugboard::fuzz
