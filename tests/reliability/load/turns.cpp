#include "tests/reliability/load/turns.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace plugboard::test {

Turns Turns::of(pid_t process) {
  Turns turns;
  turns.at = bench::now();
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", gone)) {
    std::int64_t ran = 0, waited = 0;
    std::ifstream(thread.path() / "schedstat") >> ran >> waited;
    turns.ran += bench::Nanoseconds(ran);
    if (bench::Nanoseconds(ran) <= turns.busiest_ran) continue;
    turns.busiest_ran = bench::Nanoseconds(ran);
    turns.busiest_waited = bench::Nanoseconds(waited);
  }
  return turns;
}

double Turns::share_since(const Turns& before) const {
  const auto others = ran - before.ran - (busiest_ran - before.busiest_ran);
  const auto taken = std::max(bench::Nanoseconds::zero(), busiest_waited - before.busiest_waited - others);
  return 1 - static_cast<double>(taken.count()) / static_cast<double>((at - before.at).count());
}

double Turns::ran_since(const Turns& before) const {
  return std::chrono::duration<double>(ran - before.ran).count();
}

} // namespace plugboard::test
