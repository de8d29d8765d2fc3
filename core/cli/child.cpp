#include "core/cli/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace plugboard::cli {
namespace {

constexpr int kNoSuchProgram = 127;

[[noreturn]] void become(const std::vector<std::string>& command, int output) {
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  sigset_t none; // what this program puts off is for the other to hear
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str())); // execvp changes none of it
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(kNoSuchProgram);
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

} // namespace

Result<Ran> run_program(const std::vector<std::string>& command) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return fail(Code::unavailable, "no pipe could be had");
  const auto child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    become(command, pipe[1]);
  }
  ::close(pipe[1]);
  Ran ran;
  ran.output = read_all(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child)
    return fail(Code::unavailable, command[0] + " could not be started");
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (ran.exit_code == kNoSuchProgram)
    return fail(Code::not_found,
                "there is no program " + command[0] + " here: install it, apt-get install " + command[0]);
  return ran;
}

} // namespace plugboard::cli
