#include "tests/reliability/soak/workers.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace plugboard::bench {

int kill_workers(pid_t hub) {
  int killed = 0;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(hub) + "/task", gone)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) killed += ::kill(child, SIGKILL) == 0 ? 1 : 0;
  }
  return killed;
}

} // namespace plugboard::bench
