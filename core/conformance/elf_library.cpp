#include "core/conformance/elf_library.hpp"

#include "core/connector/elf_header.hpp"

#include <algorithm>
#include <map>

namespace plugboard::conformance {
namespace {

using connector::ElfWindow;

constexpr std::size_t kMostEntries = 4096;
constexpr std::size_t kMostSymbols = 1 << 20;

Error damaged(const char* what) {
  return fail(Code::malformed, std::string("has damaged ") + what + ": build or copy it again");
}

class LibraryReader {
 public:
  explicit LibraryReader(std::string_view bytes) : file_(bytes) {}

  Result<ElfLibrary> read() {
    const auto header = connector::read_elf_header(file_);
    if (!header) return header.error();
    if (!read_segments(*header)) return damaged("program headers");
    if (!read_dynamic()) return damaged("dynamic entries");
    if (!read_exports()) return damaged("symbols");
    return std::move(library_);
  }

 private:
  bool read_segments(const Elf64_Ehdr& header) {
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
      const auto segment = file_.record<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
      if (!segment) return false;
      if (segment->p_type == PT_LOAD) loads_.push_back(*segment);
      if (segment->p_type == PT_DYNAMIC) dynamic_ = *segment;
      if (segment->p_type == PT_GNU_STACK) library_.executable_stack = (segment->p_flags & PF_X) != 0;
    }
    return true;
  }

  // Where in the file what is mapped at this address stands.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    for (const auto& load : loads_)
      if (address >= load.p_vaddr && address - load.p_vaddr < load.p_filesz)
        return load.p_offset + (address - load.p_vaddr);
    return std::nullopt;
  }

  template <class T>
  std::optional<T> at(std::uint64_t address) const {
    const auto offset = offset_of(address);
    return offset ? file_.record<T>(*offset) : std::nullopt;
  }

  std::optional<std::string_view> text(std::uint64_t index) const {
    const auto size = value(DT_STRSZ);
    const auto table = offset_of(value(DT_STRTAB));
    if (!table || index >= size) return std::nullopt;
    const auto all = file_.part(*table, size);
    if (!all) return std::nullopt;
    const auto end = all->find('\0', index);
    if (end == std::string_view::npos) return std::nullopt;
    return all->substr(index, end - index);
  }

  std::uint64_t value(std::int64_t tag) const {
    const auto found = values_.find(tag);
    return found == values_.end() ? 0 : found->second;
  }

  bool read_dynamic() {
    std::vector<std::pair<std::int64_t, std::uint64_t>> texts;
    for (std::size_t i = 0; i < std::min<std::uint64_t>(dynamic_.p_filesz / sizeof(Elf64_Dyn), kMostEntries); ++i) {
      const auto entry = file_.record<Elf64_Dyn>(dynamic_.p_offset + i * sizeof(Elf64_Dyn));
      if (!entry) return false;
      if (entry->d_tag == DT_NULL) break;
      if (entry->d_tag == DT_NEEDED || entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH)
        texts.emplace_back(entry->d_tag, entry->d_un.d_val);
      else
        values_[entry->d_tag] = entry->d_un.d_val;
    }
    library_.text_relocations = values_.contains(DT_TEXTREL) || (value(DT_FLAGS) & DF_TEXTREL) != 0;
    for (const auto& [tag, index] : texts) {
      const auto name = text(index);
      if (!name) return false;
      (tag == DT_NEEDED ? library_.needed : library_.search_paths).push_back(*name);
    }
    return true;
  }

  // The file does not say how many symbols there are; its hash tables do, as the loader reads them.
  std::optional<std::size_t> count_symbols() const {
    if (values_.contains(DT_HASH)) {
      const auto head = at<std::array<std::uint32_t, 2>>(value(DT_HASH));
      return head ? std::optional<std::size_t>((*head)[1]) : std::nullopt;
    }
    if (!values_.contains(DT_GNU_HASH)) return 0;
    const std::uint64_t table = value(DT_GNU_HASH);
    const auto head = at<std::array<std::uint32_t, 4>>(table); // buckets, first symbol, bloom words, shift
    if (!head || (*head)[0] > kMostSymbols) return std::nullopt;
    const std::uint64_t buckets = table + 16 + std::uint64_t{(*head)[2]} * 8;
    const std::uint64_t chains = buckets + std::uint64_t{(*head)[0]} * 4;
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < (*head)[0]; ++i) {
      const auto first = at<std::uint32_t>(buckets + std::uint64_t{i} * 4);
      if (!first) return std::nullopt;
      last = std::max(last, *first);
    }
    if (last < (*head)[1]) return (*head)[1]; // it exports nothing
    for (;; ++last) {
      const auto chain = at<std::uint32_t>(chains + std::uint64_t{last - (*head)[1]} * 4);
      if (!chain || last > kMostSymbols) return std::nullopt;
      if ((*chain & 1) != 0) return last + 1;
    }
  }

  bool read_exports() {
    const auto count = count_symbols();
    if (!count || *count > kMostSymbols) return false;
    for (std::size_t i = 1; i < *count; ++i) {
      const auto symbol = at<Elf64_Sym>(value(DT_SYMTAB) + i * sizeof(Elf64_Sym));
      if (!symbol) return false;
      const unsigned binding = ELF64_ST_BIND(symbol->st_info);
      if (symbol->st_shndx == SHN_UNDEF || binding == STB_LOCAL) continue;
      const auto name = text(symbol->st_name);
      if (!name) return false;
      library_.exports.push_back({*name, binding == STB_GNU_UNIQUE});
    }
    return true;
  }

  ElfWindow file_;
  ElfLibrary library_;
  std::vector<Elf64_Phdr> loads_;
  Elf64_Phdr dynamic_{};
  std::map<std::int64_t, std::uint64_t> values_; // the dynamic entries that are no texts
};

} // namespace

Result<ElfLibrary> read_elf_library(std::string_view bytes) {
  return LibraryReader(bytes).read();
}

} // namespace plugboard::conformance
