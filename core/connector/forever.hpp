// For what must never be freed, since code that nobody can stop may still come by: a mapped library, the doorway
// that its threads know. Said aloud, so that a leak checker knows it from a mistake.
#pragma once

#include <memory>

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

} // namespace plugboard::connector
