// A file that may be a plugin: its ELF notes are views into it, and whatever it is, nothing beyond its end is read.
#include "core/connector/elf_notes.hpp"
#include "core/connector/plugin_file.hpp"
#include "tests/fuzz/target.hpp"

#include <functional>

namespace plugboard::fuzz {
namespace {

bool inside(std::string_view part, std::string_view whole) {
  constexpr std::less_equal<> kNotAfter;
  return part.empty() ||
         (kNotAfter(whole.data(), part.data()) && kNotAfter(part.data() + part.size(), whole.data() + whole.size()));
}

} // namespace

void fuzz(std::string_view input) {
  if (const auto notes = connector::read_elf_notes(input)) {
    for (const auto& note : *notes)
      require(inside(note.name, input) && inside(note.descriptor, input), "a note lies in the file");
  } else {
    require(!notes.error().message.empty(), "a refusal says why");
  }
  const auto file = connector::inspect_plugin(input, "/plugins/crm.so");
  if (!file) require(file.error().message.starts_with("/plugins/crm.so"), "a refusal names the file");
}

} // namespace plugboard::fuzz
