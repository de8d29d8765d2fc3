// What the kernel says of a running process: all its threads, and its children's. [any thread]
#pragma once

#include "tests/bench/loop.hpp"

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace plugboard::bench {

Nanoseconds processor_time(const std::vector<pid_t>& processes); // so far, of all threads that live

struct Holdings {
  std::int64_t resident_kb = 0, peak_kb = 0, threads = 0;
  std::int64_t descriptors = 0; // 0: this user may not look
};

Holdings holdings(const std::vector<pid_t>& processes); // together

} // namespace plugboard::bench
