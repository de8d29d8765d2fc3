#include "core/connector/elf_notes.hpp"

#include <cstring>
#include <elf.h>
#include <optional>
#include <type_traits>

namespace plugboard::connector {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr Elf64_Half kMachine = EM_RISCV;
#else
#error "say which ELF machine this is"
#endif

constexpr std::size_t kMostSegments = 256;
constexpr std::size_t kMostNotes = 256;

// A window on bytes that answers "not there" instead of reading past its end.
class Window {
 public:
  explicit Window(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::string_view> part(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
    return bytes_.substr(offset, size);
  }

  template <class T>
  std::optional<T> record(std::uint64_t offset) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto found = part(offset, sizeof(T));
    if (!found) return std::nullopt;
    T record;
    std::memcpy(&record, found->data(), sizeof(T)); // may stand at any address
    return record;
  }

 private:
  std::string_view bytes_;
};

Error refuse(std::string sentence) {
  return fail(Code::malformed, std::move(sentence));
}

Result<Elf64_Ehdr> read_header(const Window& file) {
  const auto ident = file.part(0, EI_NIDENT);
  if (!ident || ident->substr(0, SELFMAG) != std::string_view(ELFMAG, SELFMAG))
    return refuse("is not an ELF library: a plugin is a .so made by plugboard_add_plugin()");
  if ((*ident)[EI_CLASS] != ELFCLASS64) return refuse("is a 32-bit library; this hub is a 64-bit program");
  if ((*ident)[EI_DATA] != ELFDATA2LSB) return refuse("is built for a big-endian machine");
  const auto header = file.record<Elf64_Ehdr>(0);
  if (!header) return refuse("is cut short: it ends within its ELF header");
  if (header->e_machine != kMachine)
    return refuse("is built for another kind of processor (ELF machine " + std::to_string(header->e_machine) +
                  ", here " + std::to_string(kMachine) + "): build it on this kind of machine");
  if (header->e_type != ET_DYN) return refuse("is an ELF file but no shared library: link it as a module");
  if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum > kMostSegments)
    return refuse("has a damaged ELF header");
  return *header;
}

std::uint64_t rounded_up(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

// False: the segment is damaged.
bool read_segment(std::string_view segment, std::uint64_t alignment, std::vector<ElfNote>& notes) {
  const Window window(segment);
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
  const Window file(bytes);
  const auto header = read_header(file);
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
