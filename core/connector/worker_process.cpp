#include "core/connector/worker_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr int kSocket = 3; // what a launcher has beside 0, 1 and 2
constexpr int kPlugin = 4;
constexpr int kTimeToBury = 1'000; // milliseconds

Error system_error(const char* what, int error) {
  return fail(Code::io, std::string("no worker can be started (") + what + ": " + std::strerror(error) + ")");
}

int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

void send(int signal, int pidfd) {
  if (pidfd >= 0) ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

// Signals as a program expects them at its start, a group of its own, and no descriptor but those that it is given.
struct SpawnPlan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  SpawnPlan(int socket, int plugin) {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    for (const int standard : {0, 1})
      ::posix_spawn_file_actions_addopen(&files, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, socket, kSocket);
    ::posix_spawn_file_actions_adddup2(&files, plugin, kPlugin);
    ::posix_spawn_file_actions_addclosefrom_np(&files, kPlugin + 1);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }

  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

// Above the numbers that the child gives to them: dup2 of one must not close the other.
int out_of_the_way(int fd) {
  return ::fcntl(fd, F_DUPFD_CLOEXEC, 16);
}

struct Closing {
  int fd = -1;

  explicit Closing(int owned) : fd(owned) {}

  ~Closing() {
    if (fd >= 0) ::close(fd);
  }

  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
};

std::string words_of(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return "exit code " + std::to_string(info.si_status);
  return "signal " + std::to_string(info.si_status) + " (" + ::strsignal(info.si_status) + ")";
}

// A large reply is to be written at once, not by turns with its reader. The system may grant less.
void make_roomy(int socket) {
  constexpr int kBytes = 512 * 1024;
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kBytes, sizeof kBytes);
}

} // namespace

WorkerProcess::Started::~Started() {
  if (socket >= 0) ::close(socket);
}

Result<WorkerProcess::Started> WorkerProcess::start(const std::string& program, int plugin) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return system_error("socketpair", errno);
  Closing ours(ends[0]);
  const Closing theirs(ends[1]);
  make_roomy(ours.fd);
  make_roomy(theirs.fd);
  const Closing socket(out_of_the_way(theirs.fd)), bytes(out_of_the_way(plugin));
  if (socket.fd < 0 || bytes.fd < 0) return system_error("dup", errno);
  const SpawnPlan plan(socket.fd, bytes.fd);
  std::array<char*, 2> arguments{const_cast<char*>("plugboard-worker"), nullptr};
  std::array<char*, 1> environment{nullptr};
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, program.c_str(), &plan.files, &plan.attributes, arguments.data(), environment.data());
  if (error != 0) return system_error(program.c_str(), error);
  const int pidfd = open_pidfd(pid);
  if (pidfd < 0) {
    const int why = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return system_error("pidfd_open", why);
  }
  Started started{std::unique_ptr<WorkerProcess>(new WorkerProcess(pidfd)), -1};
  if (::fcntl(ours.fd, F_SETFL, O_NONBLOCK) != 0) return system_error("fcntl", errno);
  started.socket = std::exchange(ours.fd, -1);
  return started;
}

WorkerProcess::~WorkerProcess() {
  if (!ended_) {
    kill();
    pollfd launcher{launcher_fd_, POLLIN, 0};
    if (::poll(&launcher, 1, kTimeToBury) == 0) send(SIGKILL, launcher_fd_);
    wait();
  }
  if (worker_fd_ >= 0) ::close(worker_fd_);
  ::close(launcher_fd_);
}

void WorkerProcess::know_worker(pid_t worker) {
  if (worker_fd_ < 0 && worker > 0) worker_fd_ = open_pidfd(worker);
}

void WorkerProcess::kill() {
  send(SIGKILL, worker_fd_);
  send(worker_fd_ < 0 ? SIGKILL : SIGTERM, launcher_fd_); // which buries the worker, and then ends
}

bool WorkerProcess::reap(int options) {
  siginfo_t info{};
  int got = 0;
  do got = ::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(launcher_fd_), &info, WEXITED | options);
  while (got != 0 && errno == EINTR);
  if (got != 0)
    ended_ = "nobody knows how";
  else if (info.si_pid != 0)
    ended_ = words_of(info);
  return ended_.has_value();
}

std::optional<std::string> WorkerProcess::how_it_ended() {
  if (!ended_) reap(WNOHANG);
  return ended_;
}

void WorkerProcess::wait() {
  while (!ended_) reap(0);
}

} // namespace plugboard::connector
