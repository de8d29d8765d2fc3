#include "core/connector/elf_header.hpp"

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

Error refuse(std::string sentence) {
  return fail(Code::malformed, std::move(sentence));
}

} // namespace

Result<Elf64_Ehdr> read_elf_header(const ElfWindow& file) {
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

} // namespace plugboard::connector
