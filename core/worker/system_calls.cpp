#include "core/worker/system_calls.hpp"

#include "core/worker/filter.hpp"
#include "core/worker/profile.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace plugboard::worker {
namespace {

// Whatever their arguments are, they reach no further than this process, its open descriptors and files that may be
// read.
constexpr const char* kHarmless[] = {
    // memory
    "brk", "munmap", "madvise", "membarrier",
    // threads and their ends
    "futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "getcpu", "exit", "exit_group",
    "restart_syscall",
    // signals of its own
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigsuspend",
    "sigaltstack",
    // who and when
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups",
    "getpgrp", "getsid", "getrlimit", "getrusage", "times", "uname", "sysinfo", "getrandom", "clock_gettime",
    "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    // what is open
    "read", "readv", "pread64", "preadv", "write", "writev", "close", "close_range", "dup", "dup2", "dup3", "fstat",
    "lseek", "getdents64", "fstatfs", "flock", "fadvise64", "readahead",
    // looking at names
    "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "statfs",
    "getcwd",
    // waiting
    "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd2", "pipe", "pipe2", "timerfd_create", "timerfd_settime", "timerfd_gettime",
    // sockets that it has
    "recvfrom", "shutdown", "getsockname", "getpeername", "getsockopt"};

// Newer ways, whose arguments a filter cannot see; who meets ENOSYS takes the older one.
constexpr const char* kUnknown[] = {"clone3", "openat2", "pkey_mprotect", "pkey_alloc"};

constexpr std::uint64_t kOtherThanThread = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                                           CLONE_NEWPID | CLONE_NEWNET | CLONE_PTRACE | CLONE_PARENT | CLONE_VFORK |
                                           CLONE_PIDFD;

constexpr std::uint64_t kMostMapped = std::uint64_t{1} << 36; // at once, in bytes

// Nothing that can be written can be executed, or the other way round; nothing is shared but files; nothing is reserved
// that no machine has.
void allow_memory(Filter& filter) {
  const Argument no_code = has(2, PROT_EXEC, 0), size = has(1, ~(kMostMapped - 1), 0);
  filter.allow("mmap", {size, no_code, has(3, MAP_ANONYMOUS, 0)});
  filter.allow("mmap", {size, no_code, has(3, MAP_SHARED, 0)});
  filter.allow("mmap", {size, has(2, PROT_EXEC | PROT_WRITE, PROT_EXEC), has(3, MAP_ANONYMOUS | MAP_SHARED, 0)});
  filter.allow("mremap", {has(2, ~(kMostMapped - 1), 0)});
  filter.allow("mprotect", {no_code});
}

void allow_reading(Filter& filter) {
  constexpr std::uint64_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC;
  filter.allow("open", {has(1, kWriting, O_RDONLY)});
  filter.allow("openat", {has(2, kWriting, O_RDONLY)});
}

void allow_descriptor_flags(Filter& filter) {
  for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW,
                            F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW})
    filter.allow("fcntl", {is(1, command)});
  for (const auto request : {FIONREAD, FIONBIO, FIOCLEX, FIONCLEX}) filter.allow("ioctl", {is(1, request)});
}

void allow_threads_and_signals(Filter& filter) {
  const auto self = static_cast<std::uint32_t>(::getpid());
  filter.allow("clone", {has(0, CLONE_THREAD | kOtherThanThread, CLONE_THREAD)});
  filter.allow("kill", {is(0, self)});
  filter.allow("tgkill", {is(0, self)});
  for (const int option : {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE}) filter.allow("prctl", {is(0, option)});
  filter.allow("prlimit64", {is(0, 0), whole(2, 0)}); // asking, of itself
}

// send() on what is connected; no other address, no ancillary data. With tunnels, a TCP connection to where Landlock
// and an otherwise empty network lead.
void allow_sockets(Filter& filter, bool tunnels) {
  filter.allow("sendto", {whole(4, 0)});
  if (!tunnels) return;
  constexpr std::uint64_t kKind = 0xffffffff & ~std::uint64_t{SOCK_NONBLOCK | SOCK_CLOEXEC};
  for (const int protocol : {0, static_cast<int>(IPPROTO_TCP)})
    filter.allow("socket", {is(0, AF_INET), has(1, kKind, SOCK_STREAM), is(2, protocol)});
  filter.allow("connect");
  for (const int option : {SO_KEEPALIVE, SO_RCVTIMEO, SO_SNDTIMEO, SO_RCVBUF, SO_SNDBUF, SO_LINGER, SO_REUSEADDR})
    filter.allow("setsockopt", {is(1, SOL_SOCKET), is(2, option)});
  for (const int option : {TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT, TCP_QUICKACK})
    filter.allow("setsockopt", {is(1, IPPROTO_TCP), is(2, option)});
}

} // namespace

std::string restrict_system_calls(const Confinement& confinement) {
  if (kSanitized) return "the profile for sanitizers needs to trace its own process";
  Filter filter(EPERM);
  for (const char* name : kHarmless) filter.allow(name);
  for (const char* name : kUnknown) filter.refuse(name, ENOSYS);
  allow_memory(filter);
  allow_reading(filter);
  allow_descriptor_flags(filter);
  allow_threads_and_signals(filter);
  allow_sockets(filter, !confinement.tunnels.empty());
  return filter.load();
}

} // namespace plugboard::worker
