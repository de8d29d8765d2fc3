// A plugin's note: is it there, whole, and for this hub's ABI? Pure.
#pragma once

#include "core/conformance/rules.hpp"
#include "core/connector/elf_notes.hpp"

#include <optional>

namespace plugboard::conformance {

// The manifest's text, as far as there is one that may be read.
std::optional<std::string_view> check_note(const std::vector<connector::ElfNote>& notes, Findings& findings);

} // namespace plugboard::conformance
