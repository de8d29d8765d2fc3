#include "tests/support/starvation.hpp"

#include <cstdlib>
#include <new>

namespace plugboard::testing {
namespace {

thread_local int to_go = 0; // 0: nothing fails

bool fails() {
  return to_go > 0 && --to_go == 0;
}

} // namespace

Starvation::Starvation(int nth) {
  to_go = nth;
}

Starvation::~Starvation() {
  to_go = 0;
}

bool Starvation::came() const {
  return to_go == 0;
}

} // namespace plugboard::testing

void* operator new(std::size_t size) {
  void* got = plugboard::testing::fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (got == nullptr) throw std::bad_alloc();
  return got;
}

// Where Asio has the memory of its handlers from.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  void* got = nullptr;
  if (plugboard::testing::fails() || posix_memalign(&got, alignment, size) != 0) return nullptr;
  return got;
}

void* operator new[](std::size_t size) {
  return operator new(size);
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return plugboard::testing::fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
  return operator new(size, none);
}

void operator delete(void* old) noexcept {
  std::free(old);
}

void operator delete[](void* old) noexcept {
  std::free(old);
}

void operator delete(void* old, std::size_t) noexcept {
  std::free(old);
}

void operator delete[](void* old, std::size_t) noexcept {
  std::free(old);
}
