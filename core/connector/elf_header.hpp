// An ELF library's bytes and its header, for readers that trust neither: every offset and size is held against what is
// there before it is followed. Pure.
#pragma once

#include "core/base/result.hpp"

#include <cstring>
#include <elf.h>
#include <optional>
#include <string_view>
#include <type_traits>

namespace plugboard::connector {

// A window on bytes that answers "not there" instead of reading past its end.
class ElfWindow {
 public:
  explicit ElfWindow(std::string_view bytes) : bytes_(bytes) {}

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

// Of a 64-bit shared library for this machine. Error (malformed): a sentence that goes after the file's name.
Result<Elf64_Ehdr> read_elf_header(const ElfWindow& file);

} // namespace plugboard::connector
