// The root of what C libraries call back (OpenSSL, nghttp2, c-ares): an exception, which is want of memory, may not go
// through their frames, and becomes the answer that says that it failed. [any thread]
#pragma once

#include <exception>
#include <utility>

namespace plugboard::http {

template <class Answer, class Step>
Answer contained(Answer when_it_throws, Step&& step) noexcept {
  try {
    return std::forward<Step>(step)();
  } catch (const std::exception&) {
    return when_it_throws;
  }
}

} // namespace plugboard::http
