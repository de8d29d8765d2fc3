// Every way in which a process ends that nobody asked to.
#include "deeds.hpp"

#include <pthread.h>
#include <setjmp.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace plugboard::chaos {

namespace {

// The compiler must not see what is wrong with a pointer.
template <class T>
T* hidden(T* pointer) {
  __asm__ volatile("" : "+r"(pointer)::"memory");
  return pointer;
}

Outcome segv(const Asked&) {
  *hidden<volatile int>(nullptr) = 1;
  return After::nothing;
}

Outcome bus(const Asked&) {
#if defined(__x86_64__)
  // With the flag "alignment check", reading across a word's border is a bus error.
  alignas(8) static char bytes[16];
  __asm__ volatile("pushfq\n orl $0x40000, (%%rsp)\n popfq\n movl (%0), %%eax" ::"r"(hidden(&bytes[1])) : "eax", "cc");
#endif
  ::raise(SIGBUS);
  return After::nothing;
}

Outcome ill(const Asked&) {
  __builtin_trap();
}

Outcome fpe(const Asked&) {
  volatile int zero = 0;
  volatile int some = 42;
  volatile int never = some / zero;
  return {never, 0};
}

Outcome abrt(const Asked&) {
  std::abort();
}

Outcome exit_0(const Asked&) {
  std::exit(0);
}

Outcome exit_at_once(const Asked&) {
  ::_exit(0);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winfinite-recursion"

int deeper(int depth) { // NOLINT
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return deeper(depth + 1) + frame[0];
}

#pragma GCC diagnostic pop

Outcome stack_overflow(const Asked&) {
  return {deeper(1), 0};
}

Outcome double_free(const Asked&) {
  char* const bytes = hidden(static_cast<char*>(std::malloc(64)));
  char* const again = hidden(bytes);
  std::free(bytes);
  std::free(again);
  std::abort(); // an allocator that did not notice
}

Outcome heap_overflow(const Asked&) {
  char* const bytes = hidden(static_cast<char*>(std::malloc(64)));
  for (std::size_t i = 0;; ++i) *hidden(bytes + i) = 'A';
}

Outcome use_after_free(const Asked&) {
  for (;;) { // until the allocator stumbles over what was written, or hands it out
    char* const first = hidden(static_cast<char*>(std::malloc(64)));
    char* const second = hidden(static_cast<char*>(std::malloc(64)));
    char* const stale[] = {hidden(first), hidden(second)};
    std::free(first);
    std::free(second);
    for (char* const bytes : stale)
      for (int i = 0; i < 64; ++i) *hidden(bytes + i) = 'A';
    for (int i = 0; i < 3; ++i) *hidden(static_cast<char*>(std::malloc(64))) = 'A';
  }
}

Outcome throws(const Asked&) {
  throw std::runtime_error("thrown across the ABI on purpose");
}

jmp_buf gone_frame;

[[gnu::noinline]] bool remember_frame() {
  return setjmp(gone_frame) != 0;
}

Outcome jump(const Asked&) { // into a frame that has returned
  if (!remember_frame()) longjmp(gone_frame, 1);
  std::abort();
}

Outcome sigkill(const Asked&) {
  ::kill(::getpid(), SIGKILL);
  __builtin_trap(); // the first process of a PID namespace can't kill itself so
}

Outcome end_thread(const Asked&) {
  ::pthread_exit(nullptr);
}

constexpr std::array kCrashes{
    Deed{"segv", segv},
    Deed{"bus", bus},
    Deed{"ill", ill},
    Deed{"fpe", fpe},
    Deed{"abrt", abrt},
    Deed{"exit", exit_0},
    Deed{"_exit", exit_at_once},
    Deed{"stack_overflow", stack_overflow},
    Deed{"double_free", double_free},
    Deed{"heap_overflow", heap_overflow},
    Deed{"use_after_free", use_after_free},
    Deed{"throw", throws},
    Deed{"longjmp", jump},
    Deed{"sigkill", sigkill},
    Deed{"pthread_exit", end_thread},
};

} // namespace

std::span<const Deed> crashes() {
  return kCrashes;
}

} // namespace plugboard::chaos
