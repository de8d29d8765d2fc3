#include "tests/reliability/load/capacity.hpp"

#include <algorithm>

namespace plugboard::test {

double Capacity::answers_at(double offered, bench::Nanoseconds time) {
  const auto before = turns();
  const auto seen = offer(asking(offered, time));
  const auto after = turns();
  showing_.holds(seen.wrong == 0, "while the capacity is measured: " + seen.first_wrong);
  cost_ = after.ran_since(before) / std::max(1.0, static_cast<double>(seen.good.all.size()));
  return seen.goodput() / after.share_since(before);
}

void Capacity::find(std::size_t agents, std::chrono::milliseconds step) {
  auto busy = asking(0, step / 2);
  busy.connections = agents;
  double answers = 0, offered = 0.8 * offer(busy).goodput();
  for (bool saturated = false; !saturated; offered *= 1.25) {
    answers = answers_at(offered, step);
    saturated = answers < 0.8 * offered;
    if (answers <= a_second_) continue;
    a_second_ = answers;
    rate_ = offered;
  }
}

} // namespace plugboard::test
