// Looks at a hub from outside while it is under attack: what it answers and after how long, what it costs. [one thread
// each]
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace plugboard::test {

using Milliseconds = std::chrono::duration<double, std::milli>;

// GET /healthz over a connection of its own, from address (of this machine): until it was answered with 200. Negative:
// it was not.
Milliseconds time_health(int port, const std::string& address = "127.0.0.1");

struct Cost {
  double cpu_ms = 0; // of all its threads so far
  double memory_mb = 0;
};

Cost cost_of(pid_t process);

enum class Slowness { head = 1, body, reading };

// One slow client for at most patience: a byte every half a second. How long until the hub had cut it.
std::chrono::milliseconds time_until_cut(int port, Slowness slowness, std::chrono::milliseconds patience);

} // namespace plugboard::test
