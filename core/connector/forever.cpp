#include "core/connector/forever.hpp"

#include <memory_resource>
#include <mutex>

namespace plugboard::connector {

void* room_for_ever(std::size_t size, std::size_t alignment) {
  struct Shelf {
    std::mutex mutex;
    std::pmr::monotonic_buffer_resource pages{std::size_t{16} << 10};
  };

  static Shelf& shelf = keep_for_ever(std::make_unique<Shelf>());
  const std::lock_guard lock(shelf.mutex);
  return shelf.pages.allocate(size, alignment);
}

} // namespace plugboard::connector
