#include "core/conformance/apart.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace plugboard::conformance {
namespace {

constexpr char kEndOfField = '\x1f';
constexpr char kEndOfFinding = '\x1e';

std::string packed(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings.all())
    for (const std::string_view field :
         {finding.rule, std::string_view(finding.where), std::string_view(finding.seen)}) {
      for (const char c : field) text += c == kEndOfField || c == kEndOfFinding ? ' ' : c;
      text += kEndOfField;
    }
  return text + kEndOfFinding; // it came to its end
}

void unpack(std::string_view text, Findings& findings) {
  std::array<std::string_view, 3> fields;
  for (std::size_t i = 0; !text.empty();) {
    const auto end = text.find(kEndOfField);
    if (end == std::string_view::npos) return;
    fields[i] = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (++i < fields.size()) continue;
    findings.add(fields[0], std::string(fields[2]), std::string(fields[1]));
    i = 0;
  }
}

[[noreturn]] void be_the_child(const std::function<void(Findings&)>& body, int out) {
  Findings findings;
  body(findings);
  std::string_view left;
  const std::string text = packed(findings);
  for (left = text; !left.empty();) {
    const ssize_t wrote = ::write(out, left.data(), left.size());
    if (wrote < 0 && errno != EINTR) break;
    if (wrote > 0) left.remove_prefix(static_cast<std::size_t>(wrote));
  }
  ::_exit(0); // threads of the plugin's may still run: nothing is taken down around them
}

// False: it took too long.
bool read_until_end(int fd, Instant latest, const Clock& clock, std::string& text) {
  std::array<char, 4096> bytes{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(latest - clock.now()).count();
    if (left <= 0) return false;
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(left)) <= 0) continue;
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    text.append(bytes.data(), static_cast<std::size_t>(got));
    if (text.ends_with(kEndOfFinding)) return true; // whatever its threads do meanwhile
  }
}

} // namespace

void run_apart(const std::function<void(Findings&)>& body, Duration patience, const Clock& clock, Findings& findings) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return findings.add("process.survives", "No pipe could be had to try it.");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    be_the_child(body, pipe[1]);
  }
  ::close(pipe[1]);
  std::string text;
  const bool ended = read_until_end(pipe[0], clock.now() + patience, clock, text);
  ::close(pipe[0]);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (text.ends_with(kEndOfFinding)) {
    text.pop_back();
    return unpack(text, findings);
  }
  if (!ended) return findings.add("process.survives", "It did not come to an end.");
  findings.add("process.survives", WIFSIGNALED(status)
                                       ? "Its process was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
                                             ::strsignal(WTERMSIG(status)) + ")."
                                       : "It ended its process with " + std::to_string(WEXITSTATUS(status)) + ".");
}

} // namespace plugboard::conformance
