// Every way in which a call never ends.
#include "deeds.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>
#include <mutex>

namespace plugboard::chaos {

namespace {

[[noreturn]] void sleep_for_ever() {
  for (;;) {
    const timespec day{86'400, 0};
    ::nanosleep(&day, nullptr);
  }
}

std::atomic<std::uint64_t> turns{0};

[[noreturn]] void spin_for_ever() {
  for (;;) ++turns;
}

Outcome spin(const Asked&) {
  spin_for_ever();
}

Outcome deadlock(const Asked&) {
  std::mutex mutex;
  mutex.lock();
  mutex.lock();
  sleep_for_ever();
}

Outcome sleeps(const Asked&) {
  sleep_for_ever();
}

Outcome stop_self(const Asked&) {
  ::kill(::getpid(), SIGSTOP);
  sleep_for_ever(); // the first process of a PID namespace can't be stopped from within; or somebody let it go on
}

Outcome blocked_read(const Asked&) {
  int ends[2] = {-1, -1};
  char byte = 0;
  if (::pipe(ends) == 0)
    while (::read(ends[0], &byte, 1) != 0) continue;
  sleep_for_ever();
}

Outcome signals_blocked(const Asked&) {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  sleep_for_ever();
}

Outcome ignore_cancel(const Asked&) {
  for (;;) { // works on, in small steps, and never looks whether it should
    const timespec step{0, 1'000'000};
    ::nanosleep(&step, nullptr);
  }
}

Outcome reads_nothing(const Asked&) {
  struct sigaction action {};

  action.sa_handler = [](int) { sleep_for_ever(); };
  ::sigfillset(&action.sa_mask);
  ::sigaction(SIGUSR1, &action, nullptr);
  ::syscall(SYS_tgkill, ::getpid(), ::getpid(), SIGUSR1); // the first thread: it reads the socket
  sleep_for_ever();
}

constexpr std::array kHangs{
    Deed{"spin", spin},
    Deed{"deadlock", deadlock},
    Deed{"sleep", sleeps},
    Deed{"sigstop", stop_self},
    Deed{"blocked_read", blocked_read},
    Deed{"signals_blocked", signals_blocked},
    Deed{"ignore_cancel", ignore_cancel},
    Deed{"cancel_hangs", sleeps},
    Deed{"reads_nothing", reads_nothing},
};

} // namespace

std::span<const Deed> hangs() {
  return kHangs;
}

void hang_in_cancel() {
  sleep_for_ever();
}

} // namespace plugboard::chaos
