// What the kernel says of a hub and of the processes it started. [any thread]
#pragma once

#include "tests/bench/loop.hpp"

#include <sys/types.h>

#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

struct HubFigures {
  std::int64_t resident_kb = 0, descriptors = 0, threads = 0; // of the hub itself
  std::int64_t heap_kb = 0;                                   // of that, what the program uses; where somebody looks
  std::int64_t processes = 0, zombies = 0;                    // below it
};

HubFigures figures_of(pid_t hub);
std::vector<pid_t> descendants_of(pid_t process);
std::int64_t threads_of(const std::vector<pid_t>& processes);

// For how long each of its threads was ready to run and did not, so far; nothing where the kernel does not count it.
using RunWaits = std::map<pid_t, std::chrono::nanoseconds>;
RunWaits run_waits_of(pid_t process);
std::chrono::nanoseconds longest_between(const RunWaits& before, const RunWaits& after); // of one thread
std::chrono::nanoseconds waited_to_run(pid_t process);                                   // all threads together

// The process in which this connector's plugin runs: it names the connector on its command line.
std::optional<pid_t> worker_of(pid_t hub, std::string_view connector);

// The most that was resident since the last time this was asked for, in kB.
std::int64_t take_peak_kb(pid_t process);

// When that process ends, seen by a thread that waits for it; none: not within that time.
std::future<std::optional<bench::Nanoseconds>> death_of(pid_t process, std::chrono::milliseconds patience);

} // namespace plugboard::test
