// A program that a test runs: what it writes is kept, and it does not outlive its object. [one thread, the one that
// made it]
#pragma once

#include "tests/support/temp_folder.hpp"

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::test {

constexpr std::chrono::seconds kPatience{30}; // nothing that goes well takes so long, even under sanitizers

class Process {
 public:
  // environment: added to the test's own.
  explicit Process(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {});
  ~Process(); // killed if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  void send(int signal) const;
  // How it ended: its exit code, or minus the signal that ended it. None: it still runs.
  std::optional<int> ended();
  std::optional<int> wait(std::chrono::milliseconds patience = kPatience);

  std::string out() const; // so far
  std::string err() const;

 private:
  TempFolder folder_;
  pid_t pid_ = 0;
  std::optional<int> ended_;
};

void pause_between_looks();

// Looks again and again until it is so. False: it did not become so in time.
template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds patience = kPatience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    pause_between_looks();
  }
  return true;
}

} // namespace plugboard::test
