#include "tests/reliability/chaos/hub_figures.hpp"

#include "tests/bench/process_figures.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/temp_folder.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

struct Entry { // of /proc
  pid_t parent = 0;
  char state = 0;
};

std::map<pid_t, Entry> all_processes() {
  std::map<pid_t, Entry> all;
  std::error_code gone;
  for (const auto& folder : fs::directory_iterator("/proc", gone)) {
    const auto name = folder.path().filename().string();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size()) continue;
    const auto stat = read_text(folder.path() / "stat");
    const auto at = stat.rfind(") "); // the program's name may have blanks and brackets of its own
    if (at == stat.npos || at + 4 >= stat.size()) continue;
    Entry entry{0, stat[at + 2]};
    std::from_chars(stat.data() + at + 4, stat.data() + stat.size(), entry.parent);
    all[pid] = entry;
  }
  return all;
}

std::vector<pid_t> below(const std::map<pid_t, Entry>& all, pid_t process) {
  std::vector<pid_t> found{process};
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto& [pid, entry] : all)
      if (entry.parent == found[i]) found.push_back(pid);
  found.erase(found.begin());
  return found;
}

} // namespace

std::vector<pid_t> descendants_of(pid_t process) {
  return below(all_processes(), process);
}

HubFigures figures_of(pid_t hub) {
  const auto held = bench::holdings({hub});
  HubFigures figures{held.resident_kb, held.descriptors, held.threads};
  const auto all = all_processes();
  for (const auto pid : below(all, hub)) ++(all.at(pid).state == 'Z' ? figures.zombies : figures.processes);
  return figures;
}

RunWaits run_waits_of(pid_t process) {
  RunWaits waits;
  std::error_code gone;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(process) + "/task", gone)) {
    std::istringstream figures(read_text(task.path() / "schedstat")); // ran, waited, turns
    std::int64_t ran = 0, waited = 0;
    if (figures >> ran >> waited) waits[std::atoi(task.path().filename().c_str())] = std::chrono::nanoseconds(waited);
  }
  return waits;
}

std::chrono::nanoseconds longest_between(const RunWaits& before, const RunWaits& after) {
  std::chrono::nanoseconds longest{};
  for (const auto& [thread, waited] : after) {
    const auto then = before.find(thread);
    longest = std::max(longest, then == before.end() ? waited : waited - then->second);
  }
  return longest;
}

std::chrono::nanoseconds waited_to_run(pid_t process) {
  std::chrono::nanoseconds all{};
  for (const auto& [thread, waited] : run_waits_of(process)) all += waited;
  return all;
}

std::int64_t threads_of(const std::vector<pid_t>& processes) {
  return bench::holdings(processes).threads;
}

std::optional<pid_t> worker_of(pid_t hub, std::string_view connector) {
  std::string words("\0serve\0", 7);
  words.append(connector).push_back('\0');
  for (const auto pid : descendants_of(hub))
    if (read_text("/proc/" + std::to_string(pid) + "/cmdline").find(words) != std::string::npos) return pid;
  return std::nullopt;
}

std::int64_t take_peak_kb(pid_t process) {
  const auto peak = bench::holdings({process}).peak_kb;
  std::ofstream("/proc/" + std::to_string(process) + "/clear_refs") << "5"; // the peak is now what is resident
  return peak;
}

std::future<std::optional<bench::Nanoseconds>> death_of(pid_t process, std::chrono::milliseconds patience) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  return std::async(std::launch::async, [fd, patience]() -> std::optional<bench::Nanoseconds> {
    if (fd < 0) return bench::now(); // it is gone already
    const Descriptor owned(fd);
    pollfd wait{fd, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return std::nullopt;
    return bench::now();
  });
}

} // namespace plugboard::test
