// What of the time a process could run: its core may be somebody else's for a part of it, and that is the machine's
// doing. Values of the kernel's.
#pragma once

#include "tests/bench/loop.hpp"

#include <sys/types.h>

namespace plugboard::test {

struct Turns {
  static Turns of(pid_t process); // so far

  // Of 1: the time since then, less that in which its busiest thread wanted to run, and neither it nor another of its
  // threads did.
  double share_since(const Turns& before) const;
  double ran_since(const Turns& before) const; // seconds, of all its threads

 private:
  bench::Nanoseconds at{}, ran{}, busiest_ran{}, busiest_waited{};
};

} // namespace plugboard::test
