// What the loader would do with an ELF library, read from its bytes, trusting none of them. Pure; views into the bytes.
#pragma once

#include "core/base/result.hpp"

#include <string_view>
#include <vector>

namespace plugboard::conformance {

struct ElfExport {
  std::string_view name;
  bool unique = false; // one for the whole process, whichever library brought it (STB_GNU_UNIQUE)
};

struct ElfLibrary {
  std::vector<std::string_view> needed;
  std::vector<std::string_view> search_paths; // DT_RPATH, DT_RUNPATH
  std::vector<ElfExport> exports;             // what others could find in it
  bool executable_stack = true;               // unless the file says otherwise
  bool text_relocations = false;
};

// Error (malformed): a sentence that goes after the file's name.
Result<ElfLibrary> read_elf_library(std::string_view bytes);

} // namespace plugboard::conformance
