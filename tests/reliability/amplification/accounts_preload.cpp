// The preloaded half of accounts.hpp: stands before libc's allocator, and counts what it gives out and takes back.
#include "tests/reliability/amplification/accounts.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

using plugboard::test::AccountsPage;

constexpr std::int64_t kOfEachPiece = 8; // what glibc's allocator keeps of its own beside each

AccountsPage before_main; // what is taken before the page is found
AccountsPage* page = &before_main;

[[gnu::constructor]] void find_page() {
  const char* path = ::getenv("PLUGBOARD_TEST_ACCOUNTS");
  const int fd = path ? ::open(path, O_RDWR | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void* at = ::mmap(nullptr, sizeof(AccountsPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) return;
  auto* found = static_cast<AccountsPage*>(at);
  found->in_use = before_main.in_use.load();
  found->most = found->in_use.load();
  page = found;
}

std::int64_t size_of(void* piece) {
  return piece ? static_cast<std::int64_t>(::malloc_usable_size(piece)) + kOfEachPiece : 0;
}

void count(std::int64_t more) {
  const auto now = page->in_use.fetch_add(more, std::memory_order_relaxed) + more;
  for (auto most = page->most.load(std::memory_order_relaxed);
       now > most && !page->most.compare_exchange_weak(most, now, std::memory_order_relaxed);) {}
}

void* counted(void* piece) {
  count(size_of(piece));
  return piece;
}

} // namespace

extern "C" {

void* malloc(std::size_t size) {
  return counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
  return counted(__libc_calloc(count, size));
}

void* realloc(void* piece, std::size_t size) {
  const auto before = size_of(piece);
  void* now = __libc_realloc(piece, size);
  if (now || size == 0) count(size_of(now) - before);
  return now;
}

void* reallocarray(void* piece, std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (!__builtin_mul_overflow(count, size, &bytes)) return realloc(piece, bytes);
  errno = ENOMEM;
  return nullptr;
}

void* memalign(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return memalign(alignment, size);
}

int posix_memalign(void** piece, std::size_t alignment, std::size_t size) {
  *piece = memalign(alignment, size);
  return *piece ? 0 : ENOMEM;
}

void free(void* piece) {
  count(-size_of(piece));
  __libc_free(piece);
}
}
