#include "tests/bench/process_figures.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace plugboard::bench {
namespace {

std::filesystem::path folder_of(pid_t process) {
  return std::filesystem::path("/proc") / std::to_string(process);
}

std::int64_t entries(const std::filesystem::path& folder) {
  std::error_code refused;
  std::int64_t count = 0;
  for (std::filesystem::directory_iterator at(folder, refused), end; !refused && at != end; at.increment(refused))
    ++count;
  return count;
}

} // namespace

Nanoseconds processor_time(const std::vector<pid_t>& processes) {
  Nanoseconds sum{};
  for (const auto process : processes) {
    std::error_code refused;
    for (const auto& task : std::filesystem::directory_iterator(folder_of(process) / "task", refused)) {
      std::int64_t ran = 0;
      std::ifstream(task.path() / "schedstat") >> ran;
      sum += Nanoseconds(ran);
    }
  }
  return sum;
}

Holdings holdings(const std::vector<pid_t>& processes) {
  Holdings sum;
  for (const auto process : processes) {
    std::ifstream status(folder_of(process) / "status");
    std::string word;
    for (std::int64_t number = 0; status >> word;) {
      if (word == "VmRSS:" && status >> number) sum.resident_kb += number;
      if (word == "VmHWM:" && status >> number) sum.peak_kb += number;
      if (word == "Threads:" && status >> number) sum.threads += number;
    }
    sum.descriptors += entries(folder_of(process) / "fd");
  }
  return sum;
}

} // namespace plugboard::bench
