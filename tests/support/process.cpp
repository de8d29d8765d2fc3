#include "tests/support/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace plugboard::test {

namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> with_own_environment(std::map<std::string, std::string> added) {
  for (char** entry = environ; *entry; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals)
      added.emplace(std::string(static_cast<const char*>(*entry), equals), equals + 1); // what was asked for stays
  }
  std::vector<std::string> entries;
  for (const auto& [name, value] : added) entries.push_back(name + "=" + value);
  return entries;
}

// Between fork and exec: only what may be called there.
[[noreturn]] void become(const char* out, const char* err, char* const* arguments, char* const* environment) {
  const int null = ::open("/dev/null", O_RDONLY);
  const int out_file = ::open(out, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int err_file = ::open(err, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (null >= 0 && out_file >= 0 && err_file >= 0 && ::dup2(null, 0) >= 0 && ::dup2(out_file, 1) >= 0 &&
      ::dup2(err_file, 2) >= 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // nothing outlives its test
    ::execve(arguments[0], arguments, environment);
  }
  ::_exit(127);
}

} // namespace

Process::Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  auto entries = with_own_environment(environment);
  auto arguments = pointers_to(command);
  auto variables = pointers_to(entries);
  const auto out = folder_ / "out";
  const auto err = folder_ / "err";
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("can't start " + command[0]);
  if (pid_ == 0) become(out.c_str(), err.c_str(), arguments.data(), variables.data());
}

Process::~Process() {
  if (ended()) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

void Process::send(int signal) const {
  if (!ended_) ::kill(pid_, signal);
}

std::optional<int> Process::ended() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_)
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return ended_;
}

std::optional<int> Process::wait(std::chrono::milliseconds patience) {
  eventually([&] { return ended().has_value(); }, patience);
  return ended_;
}

std::string Process::out() const {
  return read_text(folder_ / "out");
}

std::string Process::err() const {
  return read_text(folder_ / "err");
}

void pause_between_looks() {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

} // namespace plugboard::test
