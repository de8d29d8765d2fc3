// Memory for RapidJSON that throws std::bad_alloc when there is none. RapidJSON's own allocator returns null and writes
// there, which ends the whole hub; thrown, it ends one call. For GenericDocument, GenericReader, GenericStringBuffer
// and Writer; needs nothing of RapidJSON itself. [any thread]
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace plugboard {

class JsonMemory {
 public:
  static constexpr bool kNeedFree = true; // the names are RapidJSON's

  void* Malloc(std::size_t size) { return Realloc(nullptr, 0, size); }

  void* Realloc(void* old, std::size_t, std::size_t size) {
    if (size == 0) {
      std::free(old);
      return nullptr;
    }
    void* got = std::realloc(old, size);
    if (got == nullptr) throw std::bad_alloc();
    return got;
  }

  static void Free(void* old) { std::free(old); }
};

} // namespace plugboard
