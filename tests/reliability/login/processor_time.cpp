#include "tests/reliability/login/processor_time.hpp"

#include <ctime>
#include <stdexcept>

namespace plugboard::test {

namespace {

std::chrono::nanoseconds read(clockid_t clock) {
  timespec now{};
  if (::clock_gettime(clock, &now) != 0) throw std::runtime_error("a processor's clock can't be read");
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

std::chrono::nanoseconds time_of_this_thread() {
  return read(CLOCK_THREAD_CPUTIME_ID);
}

std::chrono::nanoseconds time_of(pid_t process) {
  clockid_t clock = 0;
  if (::clock_getcpuclockid(process, &clock) != 0) throw std::runtime_error("no such process");
  return read(clock);
}

} // namespace plugboard::test
