#include "core/worker/processes.hpp"

#include "core/worker/launch.hpp"
#include "core/worker/layers.hpp"
#include "core/worker/resource_limits.hpp"
#include "core/worker/system_paths.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace plugboard::worker {
namespace {

std::string open_pipe(Descriptor& read, Descriptor& write) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed("pipe2");
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  return "";
}

sigset_t awaited() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGCHLD);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

bool hung_up(const Descriptor& pipe) {
  pollfd one{pipe.get(), 0, 0};
  return ::poll(&one, 1, 0) != 0;
}

bool hear_word(const Descriptor& pipe) {
  char word;
  ssize_t got;
  do got = ::read(pipe.get(), &word, 1);
  while (got < 0 && errno == EINTR);
  return got == 1;
}

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status;
}

[[noreturn]] void die_of(int signal) {
  reset_signals();
  ::raise(signal);
  ::_exit(128 + signal); // it was one that does not kill
}

} // namespace

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::string Family::start(const Inheritance& inheritance, const Confinement& confinement) {
  if (auto why = open_pipe(life_of_launcher_, launcher_lives_); !why.empty()) return why;
  if (auto why = open_pipe(word_to_go_, launcher_says_); !why.empty()) return why;
  const sigset_t signals = awaited();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  if (inheritance.own_pids) {
    first_ = ::fork();
    if (first_ < 0) return failed("fork");
    if (first_ == 0) be_first();
  }
  worker_ = ::fork();
  if (worker_ < 0) return failed("fork");
  if (worker_ == 0) be_worker(inheritance, confinement);
  return "";
}

void Family::be_first() {
  const int life = ::dup2(life_of_launcher_.get(), 0);
  ::close_range(1, ~0U, 0);
  ::signal(SIGCHLD, SIG_IGN); // whoever is left to it is reaped by the kernel
  char nothing;
  while (life == 0 && ::read(life, &nothing, 1) < 0 && errno == EINTR) {}
  ::_exit(0); // and with it goes everybody else
}

void Family::be_worker(const Inheritance& inheritance, const Confinement& confinement) {
  launcher_lives_.close();
  launcher_says_.close();
  ::umask(077);
  ::setsid(); // the launcher may be unable to: it leads a group of processes
  reset_signals();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (!hear_word(word_to_go_) || hung_up(life_of_launcher_)) ::_exit(kNoHub);
  if (confinement.plugin == kPluginInRoot) ::close(inheritance.plugin);
  const auto& without = confinement.without;
  if (std::find(without.begin(), without.end(), wire::Layer::rlimits) == without.end()) limit_stacks();
  std::vector<std::string> words = command_line(confinement);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* none[] = {nullptr};
  ::execveat(inheritance.program, "", arguments.data(), none, AT_EMPTY_PATH);
  ::_exit(kNotExecuted);
}

void Family::let_go() {
  static_cast<void>(!::write(launcher_says_.get(), "", 1)); // if it has died already, wait() will say so
}

int Family::wait() {
  const sigset_t signals = awaited();
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(worker_, &status, WNOHANG);
    if (ended == worker_ || (ended < 0 && errno != EINTR)) break;
    int signal = 0;
    if (::sigwait(&signals, &signal) == 0 && signal == SIGTERM) ::kill(worker_, SIGKILL);
  }
  launcher_lives_.close();
  if (first_ > 0) reap(first_);
  if (WIFSIGNALED(status)) die_of(WTERMSIG(status));
  return WEXITSTATUS(status);
}

} // namespace plugboard::worker
