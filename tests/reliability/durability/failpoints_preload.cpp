// The preloaded half of failpoints.hpp. It stands before libc in a process that may be out of memory, so it uses
// nothing of the C++ library and allocates nothing.
#include "tests/reliability/durability/failpoints.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

using plugboard::test::Call;
using plugboard::test::Deed;
using plugboard::test::FailPage;

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

FailPage* page = nullptr;
bool in_main = false; // before that nobody can answer for a failure
bool tracing = false; // by the variable PLUGBOARD_TEST_FAILPOINTS_TRACE
int (*main_of_program)(int, char**, char**) = nullptr;

int begin_main(int argc, char** argv, char** environment) {
  in_main = true;
  return main_of_program(argc, argv, environment);
}

void tell_death(int signal) {
  void* callers[60];
  ::backtrace_symbols_fd(callers, ::backtrace(callers, 60), 2);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

__attribute__((constructor)) void find_page() {
  const char* path = ::getenv("PLUGBOARD_TEST_FAILPOINTS");
  if (path == nullptr) return;
  const int fd = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC));
  const long at = ::syscall(SYS_mmap, nullptr, sizeof(FailPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::syscall(SYS_close, fd);
  tracing = ::getenv("PLUGBOARD_TEST_FAILPOINTS_TRACE") != nullptr;
  if (tracing)
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS}) ::signal(signal, tell_death);
  void* first[1];
  ::backtrace(first, 1); // loads what it needs
  if (at > 0 || at < -4096) page = reinterpret_cast<FailPage*>(at);
}

bool hit(Call call) {
  if (!in_main || page == nullptr || (page->calls & static_cast<std::uint32_t>(call)) == 0) return false;
  const std::uint64_t number = page->counted.fetch_add(1) + 1, nth = page->nth;
  if (number != nth && (number < nth || page->stays == 0)) return false;
  page->hits.fetch_add(1);
  if (tracing) { // which call was that? addr2line -Cfe plugboardd OFFSET says
    void* callers[40];
    ::backtrace_symbols_fd(callers, ::backtrace(callers, 40), 2);
  }
  return true;
}

[[noreturn]] void die() {
  for (;;) ::syscall(SYS_kill, ::syscall(SYS_getpid), SIGKILL);
}

bool deed_is(Deed deed) {
  return page->deed == static_cast<std::uint32_t>(deed);
}

// Fails as told, or calls the real one; half: what is done instead of it when it shall be done by half.
template <class T, class Real, class Half>
T meet(Call call, T failed, Real real, Half half) {
  const int before = errno;
  if (!hit(call)) {
    errno = before;
    return real();
  }
  if (deed_is(Deed::kill_before)) die();
  if (deed_is(Deed::kill_torn)) half(), die();
  if (deed_is(Deed::kill_after)) real(), die();
  if (deed_is(Deed::half)) return half();
  if (deed_is(Deed::wait)) {
    while (page->calls != 0) ::usleep(1000);
    return real();
  }
  if (deed_is(Deed::slow)) {
    ::usleep(static_cast<useconds_t>(page->error) * 1000);
    return real();
  }
  errno = page->error;
  return failed;
}

template <class T, class Real>
T meet(Call call, T failed, Real real) {
  return meet(call, failed, real, real);
}

template <class F>
F* real_one(F*, const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

// By its type, lest the wake-ups of an event loop are lost, which never fail in a real kernel.
bool is_plain_file(int fd) {
  const int before = errno;

  struct stat status {};

  const bool is = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  errno = before;
  return is;
}

bool is_meant(int fd) {
  if (page == nullptr || page->only[0] == '\0') return true;
  char link[32], path[512];
  const int before = errno;
  ::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long size = ::syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = before;
  if (size <= 0) return false;
  path[size] = '\0';
  if (page->only[0] == '!') return ::strstr(path, page->only + 1) == nullptr;
  return ::strstr(path, page->only) != nullptr;
}

} // namespace

#define REAL(name) static auto* const real = real_one(&::name, #name)

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(), void (*fini)(),
                      void (*loader_fini)(), void* stack_end) {
  REAL(__libc_start_main);
  main_of_program = main;
  return real(begin_main, argc, argv, init, fini, loader_fini, stack_end);
}

void* malloc(std::size_t size) noexcept {
  return meet<void*>(Call::memory, nullptr, [&] { return __libc_malloc(size); });
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  return meet<void*>(Call::memory, nullptr, [&] { return __libc_calloc(count, size); });
}

void* realloc(void* old, std::size_t size) noexcept {
  return meet<void*>(Call::memory, nullptr, [&] { return __libc_realloc(old, size); });
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return meet<void*>(Call::memory, nullptr, [&] { return __libc_memalign(alignment, size); });
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  void* got = memalign(alignment, size);
  if (got == nullptr) return ENOMEM;
  *out = got;
  return 0;
}

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return meet(Call::open, -1, [&] { return real(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return meet(Call::open, -1, [&] { return real(path, flags, mode); });
}

int openat(int folder, const char* path, int flags, ...) {
  REAL(openat);
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return meet(Call::open, -1, [&] { return real(folder, path, flags, mode); });
}

FILE* fopen(const char* path, const char* how) {
  REAL(fopen);
  return meet<FILE*>(Call::open, nullptr, [&] { return real(path, how); });
}

FILE* fopen64(const char* path, const char* how) {
  REAL(fopen64);
  return meet<FILE*>(Call::open, nullptr, [&] { return real(path, how); });
}

ssize_t read(int fd, void* into, std::size_t size) {
  REAL(read);
  if (!is_plain_file(fd)) return real(fd, into, size);
  return meet<ssize_t>(Call::read, -1, [&] { return real(fd, into, size); });
}

ssize_t pread64(int fd, void* into, std::size_t size, off64_t at) {
  REAL(pread64);
  return meet<ssize_t>(Call::read, -1, [&] { return real(fd, into, size, at); });
}

ssize_t pread(int fd, void* into, std::size_t size, off_t at) {
  return pread64(fd, into, size, at);
}

std::size_t fread(void* into, std::size_t size, std::size_t count, FILE* file) {
  REAL(fread);
  return meet<std::size_t>(Call::read, 0, [&] { return real(into, size, count, file); });
}

ssize_t write(int fd, const void* bytes, std::size_t size) {
  REAL(write);
  if (!is_plain_file(fd) || !is_meant(fd)) return real(fd, bytes, size);
  return meet<ssize_t>(
      Call::write, -1, [&] { return real(fd, bytes, size); }, [&] { return real(fd, bytes, size / 2); });
}

ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t at) {
  REAL(pwrite64);
  if (!is_meant(fd)) return real(fd, bytes, size, at);
  return meet<ssize_t>(
      Call::write, -1, [&] { return real(fd, bytes, size, at); }, [&] { return real(fd, bytes, size / 2, at); });
}

ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t at) {
  return pwrite64(fd, bytes, size, at);
}

int fsync(int fd) {
  REAL(fsync);
  if (!is_meant(fd)) return real(fd);
  return meet(Call::fsync, -1, [&] { return real(fd); });
}

int fdatasync(int fd) {
  REAL(fdatasync);
  if (!is_meant(fd)) return real(fd);
  return meet(Call::fdatasync, -1, [&] { return real(fd); });
}

int rename(const char* from, const char* to) noexcept {
  REAL(rename);
  return meet(Call::rename, -1, [&] { return real(from, to); });
}

int unlink(const char* path) noexcept {
  REAL(unlink);
  return meet(Call::unlink, -1, [&] { return real(path); });
}

int ftruncate64(int fd, off64_t size) noexcept {
  REAL(ftruncate64);
  return meet(Call::truncate, -1, [&] { return real(fd, size); });
}

int ftruncate(int fd, off_t size) noexcept {
  return ftruncate64(fd, size);
}

int fallocate64(int fd, int mode, off64_t at, off64_t size) {
  REAL(fallocate64);
  return meet(Call::truncate, -1, [&] { return real(fd, mode, at, size); });
}

int fallocate(int fd, int mode, off_t at, off_t size) {
  return fallocate64(fd, mode, at, size);
}

void* mmap64(void* at, std::size_t size, int protection, int flags, int fd, off64_t from) noexcept {
  REAL(mmap64);
  return meet<void*>(Call::mmap, MAP_FAILED, [&] { return real(at, size, protection, flags, fd, from); });
}

void* mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t from) noexcept {
  return mmap64(at, size, protection, flags, fd, from);
}

int socket(int family, int type, int protocol) noexcept {
  REAL(socket);
  return meet(Call::socket, -1, [&] { return real(family, type, protocol); });
}

int connect(int fd, const sockaddr* address, socklen_t size) {
  REAL(connect);
  return meet(Call::connect, -1, [&] { return real(fd, address, size); });
}

int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  REAL(accept4);
  return meet(Call::accept, -1, [&] { return real(fd, address, size, flags); });
}

ssize_t recv(int fd, void* into, std::size_t size, int flags) {
  REAL(recv);
  return meet<ssize_t>(Call::recv, -1, [&] { return real(fd, into, size, flags); });
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
  REAL(recvmsg);
  return meet<ssize_t>(Call::recv, -1, [&] { return real(fd, message, flags); });
}

ssize_t send(int fd, const void* bytes, std::size_t size, int flags) {
  REAL(send);
  return meet<ssize_t>(
      Call::send, -1, [&] { return real(fd, bytes, size, flags); },
      [&] { return real(fd, bytes, size > 1 ? size / 2 : size, flags); });
}

ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  REAL(sendmsg);
  return meet<ssize_t>(Call::send, -1, [&] { return real(fd, message, flags); });
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) noexcept {
  REAL(pthread_create);
  return meet(Call::thread, EAGAIN, [&] { return real(thread, attributes, run, argument); });
}

} // extern "C"
