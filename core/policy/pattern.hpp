// Patterns of sections, as clients and rules name them. Pure.
#pragma once

#include <string_view>

namespace plugboard::policy {

// "*", "crm.*" or "crm.contact".
bool is_section_pattern(std::string_view text);
bool pattern_covers(std::string_view pattern, std::string_view section);

} // namespace plugboard::policy
