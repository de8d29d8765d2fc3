#include "core/conformance/check_file.hpp"

#include "core/conformance/check_link.hpp"
#include "core/conformance/check_manifest.hpp"
#include "core/conformance/check_note.hpp"

namespace plugboard::conformance {

void check_file(std::string_view bytes, const LibraryThere& library_there, Findings& findings) {
  const auto notes = connector::read_elf_notes(bytes);
  if (!notes) return findings.add("file.library", "It " + notes.error().message + ".");
  if (const auto text = check_note(*notes, findings)) check_manifest(*text, findings);
  const auto library = read_elf_library(bytes);
  if (!library) return findings.add("file.library", "It " + library.error().message + ".");
  check_link(*library, library_there, findings);
}

} // namespace plugboard::conformance
