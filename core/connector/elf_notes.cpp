#include "core/connector/elf_notes.hpp"

#include "core/connector/elf_header.hpp"

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostNotes = 256;

Error refuse(std::string sentence) {
  return fail(Code::malformed, std::move(sentence));
}

std::uint64_t rounded_up(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

// False: the segment is damaged.
bool read_segment(std::string_view segment, std::uint64_t alignment, std::vector<ElfNote>& notes) {
  const ElfWindow window(segment);
  std::uint64_t at = 0;
  while (at < segment.size()) {
    const auto head = window.record<Elf64_Nhdr>(at);
    if (!head || notes.size() >= kMostNotes) return false;
    const std::uint64_t name_at = at + sizeof(Elf64_Nhdr);
    const std::uint64_t descriptor_at = name_at + rounded_up(head->n_namesz, alignment);
    auto name = window.part(name_at, head->n_namesz);
    const auto descriptor = window.part(descriptor_at, head->n_descsz);
    if (!name || !descriptor) return false;
    if (name->ends_with('\0')) name->remove_suffix(1);
    notes.push_back({*name, head->n_type, *descriptor});
    at = descriptor_at + rounded_up(head->n_descsz, alignment);
  }
  return true;
}

} // namespace

Result<std::vector<ElfNote>> read_elf_notes(std::string_view bytes) {
  const ElfWindow file(bytes);
  const auto header = read_elf_header(file);
  if (!header) return header.error();
  std::vector<ElfNote> notes;
  for (std::size_t i = 0; i < header->e_phnum; ++i) {
    const std::uint64_t at = header->e_phoff + i * sizeof(Elf64_Phdr); // may wrap: record() looks where it lands
    const auto segment = file.record<Elf64_Phdr>(at);
    if (!segment) return refuse("is cut short: its program headers lie beyond its end");
    // Mapped all the same, what is not in the file would be a bus error of the hub's.
    if (segment->p_type == PT_LOAD && !file.part(segment->p_offset, segment->p_filesz))
      return refuse("is cut short: what it would load lies beyond its end; build or copy it again");
    if (segment->p_type != PT_NOTE) continue;
    const auto content = file.part(segment->p_offset, segment->p_filesz);
    if (!content) return refuse("is cut short: its notes lie beyond its end");
    if (!read_segment(*content, segment->p_align == 8 ? 8 : 4, notes))
      return refuse("has damaged notes: build or copy it again");
  }
  return notes;
}

} // namespace plugboard::connector
