// What the kernel says that a thread or a process has used of the processors. [any thread]
#pragma once

#include <sys/types.h>

#include <chrono>

namespace plugboard::test {

std::chrono::nanoseconds time_of_this_thread();
std::chrono::nanoseconds time_of(pid_t process); // all its threads

} // namespace plugboard::test
