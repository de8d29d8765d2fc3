// For what must never be freed, since code that nobody can stop may still come by: a mapped library, the doorway
// that its threads know. Said aloud, so that a leak checker knows it from a mistake.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define PLUGBOARD_LEAK_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PLUGBOARD_LEAK_CHECKED 1
#endif
#endif
#ifdef PLUGBOARD_LEAK_CHECKED
#include <sanitizer/lsan_interface.h>
#endif

namespace plugboard::connector {

template <class T>
T& keep_for_ever(std::unique_ptr<T> object) {
#ifdef PLUGBOARD_LEAK_CHECKED
  __lsan_ignore_object(object.get());
#endif
  return *object.release();
}

// Room for something small, on pages where all is kept: among what comes and goes it would hold a page of it each.
// Throws std::bad_alloc. [any thread]
void* room_for_ever(std::size_t size, std::size_t alignment);

template <class T, class... Args>
T& make_for_ever(Args&&... args) {
  return *::new (room_for_ever(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
}

} // namespace plugboard::connector
