// Reads the notes of an ELF library from its bytes, trusting none of them: every offset and size is held against what
// is there before it is followed. Pure; a view into the bytes comes back.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace plugboard::connector {

struct ElfNote {
  std::string_view name; // without its NUL
  std::uint32_t type = 0;
  std::string_view descriptor;
};

// Error (malformed): a sentence that goes after the file's name, "is not an ELF library: …".
Result<std::vector<ElfNote>> read_elf_notes(std::string_view bytes);

} // namespace plugboard::connector
