#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace plugboard::jailbreak {
namespace {

pid_t hub(const Targets& targets) {
  return number(targets, "hub_pid");
}

// In a child, so that the probe lives on if it gets through; where there can be no child, in the probe itself.
template <class Deed>
int in_child(Deed&& deed) {
  const pid_t child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child < 0) return deed();
  if (child == 0) ::_exit(deed());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
}

int run_program(const Targets&) {
  return in_child([] {
    char* none[] = {nullptr};
    char name[] = "/bin/true";
    char* words[] = {name, nullptr};
    ::execve(name, words, none);
    return errno;
  });
}

int run_own_bytes(const Targets&) { // a program that was never a file
  const int file = static_cast<int>(::syscall(SYS_memfd_create, "program", 0));
  if (file < 0) return errno;
  const char script[] = "#!/bin/true\n";
  if (::write(file, script, sizeof script - 1) < 0) return ::close(file), errno;
  const int why = in_child([&] {
    char* none[] = {nullptr};
    char name[] = "program";
    char* words[] = {name, nullptr};
    ::syscall(SYS_execveat, file, "", words, none, AT_EMPTY_PATH);
    return errno;
  });
  ::close(file);
  return why;
}

int start_child(const Targets&) {
  const pid_t child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) ::_exit(0);
  if (child < 0) return errno;
  ::waitpid(child, nullptr, 0);
  return 0;
}

int start_child_newly(const Targets&) { // by the call whose arguments no filter can see
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  const long child = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) ::_exit(0);
  if (child < 0) return errno;
  ::waitpid(static_cast<pid_t>(child), nullptr, 0);
  return 0;
}

int signal_hub(const Targets& t) {
  return outcome(::kill(hub(t), 0));
}

int signal_everybody(const Targets&) {
  return outcome(::kill(-1, 0));
}

int hold_hub(const Targets& t) { // by a descriptor
  const int held = static_cast<int>(::syscall(SYS_pidfd_open, hub(t), 0));
  if (held < 0) return errno;
  ::close(held);
  return 0;
}

int trace_hub(const Targets& t) {
  if (::ptrace(PTRACE_SEIZE, hub(t), nullptr, nullptr) != 0) return errno;
  ::ptrace(PTRACE_DETACH, hub(t), nullptr, nullptr);
  return 0;
}

int trace_launcher(const Targets& t) {
  const pid_t launcher = number(t, "launcher_pid");
  if (::ptrace(PTRACE_SEIZE, launcher, nullptr, nullptr) != 0) return errno;
  ::ptrace(PTRACE_DETACH, launcher, nullptr, nullptr);
  return 0;
}

int read_hub_by_call(const Targets& t) {
  char byte;
  iovec here{&byte, 1}, there{const_cast<char*>("x"), 1};
  return outcome(::process_vm_readv(hub(t), &here, 1, &there, 1, 0)) == EFAULT ? 0 : errno; // no such address: it may
}

int compare_with_hub(const Targets& t) {
  return outcome(::syscall(SYS_kcmp, ::getpid(), hub(t), 0, 0, 0));
}

int enter_hubs_network(const Targets& t) {
  const std::string path = "/proc/" + std::to_string(hub(t)) + "/ns/net";
  const int space = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (space < 0) return errno;
  const int why = outcome(::setns(space, CLONE_NEWNET));
  ::close(space);
  return why;
}

int new_user_space(const Targets&) {
  return in_child([] { return outcome(::unshare(CLONE_NEWUSER)); });
}

int new_mount_space(const Targets&) {
  return in_child([] { return outcome(::unshare(CLONE_NEWNS)); });
}

int become_root(const Targets&) {
  return ::getuid() == 0 ? EALREADY : outcome(::setuid(0));
}

int be_traced_by_others(const Targets&) {
  return outcome(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

int outlive_launcher(const Targets&) {
  return outcome(::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

int run_before_others(const Targets&) {
  return outcome(::setpriority(PRIO_PROCESS, 0, -20));
}

int run_in_real_time(const Targets&) {
  const sched_param first{1};
  return outcome(::sched_setscheduler(0, SCHED_FIFO, &first));
}

int take_more_descriptors(const Targets&) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return errno;
  ++files.rlim_max;
  return outcome(::setrlimit(RLIMIT_NOFILE, &files));
}

int lock_memory(const Targets&) {
  static char page[8192];
  const int why = outcome(::mlock(page, sizeof page));
  if (why == 0) ::munlock(page, sizeof page);
  return why;
}

} // namespace

std::vector<Attempt> on_processes() {
  return {{"run_program", run_program},
          {"run_own_bytes", run_own_bytes},
          {"start_child", start_child},
          {"start_child_newly", start_child_newly},
          {"signal_hub", signal_hub},
          {"signal_everybody", signal_everybody},
          {"hold_hub", hold_hub},
          {"trace_hub", trace_hub},
          {"trace_launcher", trace_launcher},
          {"read_hub_by_call", read_hub_by_call},
          {"compare_with_hub", compare_with_hub},
          {"enter_hubs_network", enter_hubs_network},
          {"new_user_space", new_user_space},
          {"new_mount_space", new_mount_space},
          {"become_root", become_root},
          {"be_traced_by_others", be_traced_by_others},
          {"outlive_launcher", outlive_launcher},
          {"run_before_others", run_before_others},
          {"run_in_real_time", run_in_real_time},
          {"take_more_descriptors", take_more_descriptors},
          {"lock_memory", lock_memory}};
}

} // namespace plugboard::jailbreak
