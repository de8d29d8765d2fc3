// A file that may be a plugin: its ELF notes are views into it, and whatever it is, nothing beyond its end is read.
#include "core/base/crypto.hpp"
#include "core/connector/elf_notes.hpp"
#include "core/connector/plugin_file.hpp"
#include "tests/fuzz/target.hpp"

#include <plugboard/abi.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>

namespace plugboard::fuzz {
namespace {

bool inside(std::string_view part, std::string_view whole) {
  constexpr std::less_equal<> kNotAfter;
  return part.empty() ||
         (kNotAfter(whole.data(), part.data()) && kNotAfter(part.data() + part.size(), whole.data() + whole.size()));
}

void inspect(std::string_view bytes) {
  const auto file = connector::inspect_plugin(bytes, "/plugins/crm.so");
  if (!file) require(file.error().message.starts_with("/plugins/crm.so"), "a refusal names the file");
}

// The same with the hashes and size in its plugboard notes put right, which nobody hits by chance.
std::string with_good_hashes(std::string_view input, const std::vector<connector::ElfNote>& notes) {
  std::string file(input);
  for (const auto& note : notes) {
    plugboard_note head{};
    if (note.name != PLUGBOARD_NOTE_NAME || note.descriptor.size() < sizeof head) continue;
    const auto manifest = note.descriptor.substr(sizeof head);
    std::memcpy(&head, note.descriptor.data(), sizeof head);
    const Digest digest = sha256(manifest);
    std::copy(digest.begin(), digest.end(), std::begin(head.manifest_hash));
    head.manifest_size = static_cast<std::uint32_t>(manifest.size());
    std::memcpy(file.data() + (note.descriptor.data() - input.data()), &head, sizeof head);
  }
  return file;
}

} // namespace

void fuzz(std::string_view input) {
  inspect(input);
  const auto notes = connector::read_elf_notes(input);
  if (!notes) return require(!notes.error().message.empty(), "a refusal says why");
  for (const auto& note : *notes)
    require(inside(note.name, input) && inside(note.descriptor, input), "a note lies in the file");
  inspect(with_good_hashes(input, *notes));
}

} // namespace plugboard::fuzz
