// How a plugin's file was linked: what it exports, what it needs, and what the loader would have to allow it. Pure.
#pragma once

#include "core/conformance/check_file.hpp"
#include "core/conformance/elf_library.hpp"

namespace plugboard::conformance {

void check_link(const ElfLibrary& library, const LibraryThere& library_there, Findings& findings);

} // namespace plugboard::conformance
