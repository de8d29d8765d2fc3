// RapidJSON's tree over memory that throws std::bad_alloc when there is none: RapidJSON's own allocator returns null,
// and it writes there. Values.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace plugboard::json {

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

using Tree = rapidjson::GenericDocument<rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<JsonMemory>, JsonMemory>;
using TreeValue = Tree::ValueType;

} // namespace plugboard::json
