#include "core/cli/trial_hub.hpp"

#include "core/base/clock.hpp"
#include "core/json/document.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{30}; // for its start, and for its end
constexpr std::chrono::milliseconds kLook{10};

std::string member_text(const json::TreeValue& line, std::string_view name) {
  const auto* found = json::member(line, name);
  return found ? std::string(json::text_of(*found)) : std::string();
}

// Between fork and exec: nothing that needs a lock or memory.
[[noreturn]] void become(const char* const* command, const char* const* environment, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM); // should whoever tries be killed
  if (::getppid() != parent) ::_exit(1);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setpgid(0, 0); // Ctrl-C at the terminal is for whoever tries
  ::dup2(log, STDERR_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::execve(command[0], const_cast<char* const*>(command), const_cast<char* const*>(environment));
  ::_exit(127);
}

} // namespace

Result<std::unique_ptr<TrialHub>> TrialHub::start(const fs::path& program, const fs::path& folder,
                                                  const std::map<std::string, std::string>& environment) {
  if (::access(program.c_str(), X_OK) != 0)
    return fail(Code::not_found,
                "there is no hub beside this program (" + program.string() + "): install the package plugboard");
  std::unique_ptr<TrialHub> hub(new TrialHub(folder / "hub.log"));
  const int log = ::open(hub->log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
  if (log < 0) return fail(Code::io, hub->log_.string() + " can't be written");
  const auto config = (folder / "plugboard.json").string();
  const char* const command[] = {program.c_str(), "--config", config.c_str(), nullptr};
  std::vector<std::string> words{"PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : environment) words.push_back(name + "=" + value);
  std::vector<const char*> variables;
  for (const auto& word : words) variables.push_back(word.c_str());
  variables.push_back(nullptr);
  const pid_t self = ::getpid();
  hub->process_ = ::fork();
  if (hub->process_ == 0) become(command, variables.data(), log, self);
  ::close(log);
  if (hub->process_ < 0) return fail(Code::unavailable, "no process could be had for the hub");

  const SystemClock clock;
  std::string why, all;
  for (const auto end = clock.now() + kPatience; clock.now() < end;) {
    const bool ended = hub->has_ended();
    for (const auto& line : hub->new_lines()) {
      const auto event = json::read_document(line, false);
      all += line + "\n";
      if (member_text(event.tree, "level") == "error") why += member_text(event.tree, "message") + "\n";
      if (member_text(event.tree, "event") != "hub.ready") continue;
      const auto agents = member_text(event.tree, "agents");
      hub->port_ = static_cast<std::uint16_t>(std::stoi(agents.substr(agents.rfind(':') + 1)));
      return hub;
    }
    if (ended) return fail(Code::unavailable, why.empty() ? "the hub ended before it was ready" : why);
    std::this_thread::sleep_for(kLook);
  }
  return fail(Code::timeout, "the hub did not become ready in time; it said\n" + all);
}

TrialHub::~TrialHub() {
  if (process_ <= 0) return;
  const SystemClock clock;
  ::kill(process_, SIGTERM);
  for (const auto end = clock.now() + kPatience; clock.now() < end;) {
    if (has_ended()) return;
    std::this_thread::sleep_for(kLook);
  }
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

bool TrialHub::has_ended() {
  if (process_ <= 0) return true;
  if (::waitpid(process_, nullptr, WNOHANG) != process_) return false;
  process_ = -1;
  return true;
}

std::vector<std::string> TrialHub::new_lines() {
  std::ifstream file(log_);
  file.seekg(read_);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line) && !file.eof();) { // one without its end is read the next time
    read_ += static_cast<std::streamoff>(line.size()) + 1;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> TrialHub::said_of(const std::string& connector) {
  std::vector<std::string> sentences;
  for (const auto& line : new_lines()) {
    const auto event = json::read_document(line, false);
    if (member_text(event.tree, "connector") != connector) continue;
    std::string sentence = member_text(event.tree, "level") + " " + member_text(event.tree, "event");
    for (const char* part : {"message", "detail", "reason"})
      if (const auto text = member_text(event.tree, part); !text.empty()) sentence += ": " + text;
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

} // namespace plugboard::cli
