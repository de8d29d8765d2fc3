// Station 4: who may see what. From what the configuration says of clients and connectors to one verdict a section;
// what may not be seen looks as if it did not exist. Pure. [immutable once made: any thread]
#pragma once

#include "core/base/assurance.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::policy {

// "*", "crm.*" or "crm.contact".
bool is_section_pattern(std::string_view text);
bool pattern_covers(std::string_view pattern, std::string_view section);

struct Asker {
  std::string_view tenant, client, purpose;
  const std::vector<std::string>* sections = nullptr; // the client's patterns
  Assurance assurance = Assurance::none;              // of the session
};

enum class Verdict : std::uint8_t { allowed = 1, step_up, denied };

// required: the assurance that this section asks for.
Verdict decide(const Asker& asker, std::string_view section, Assurance required);

} // namespace plugboard::policy
