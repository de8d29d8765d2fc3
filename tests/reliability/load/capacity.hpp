// What a hub can do: the contexts that it answers in a second of the time that it had its core, where more is asked
// than that, at a rate of its own. Agents who wait for each answer would find what they can ask, not what it can do.
// [one thread]
#pragma once

#include "tests/reliability/load/offered.hpp"
#include "tests/reliability/load/stage.hpp"
#include "tests/reliability/load/turns.hpp"
#include "tests/reliability/promise.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace plugboard::test {

class Capacity {
 public:
  // requests: what is asked, in turns.
  Capacity(Showing& showing, Stage& stage, std::vector<std::string> requests)
      : showing_(showing), stage_(stage), requests_(std::move(requests)) {}

  // In steps, until a fifth of what is asked is not answered any more; then it is the most that was answered. Begins
  // with what so many agents get who ask one after the other.
  void find(std::size_t agents, std::chrono::milliseconds step);

  void measure(std::chrono::milliseconds time) { a_second_ = answers_at(rate_, time); } // again, where it was found

  // Answers a second of the time that it had its core, where so many are asked.
  double answers_at(double offered, bench::Nanoseconds time);

  double a_second() const { return a_second_; }

  double rate() const { return rate_; } // where it was found

  double cost() const { return cost_; } // seconds of processor for each context

  Offer asking(double offered, bench::Nanoseconds time) const {
    return {.port = stage_.hub().port(), .rate = offered, .time = time, .requests = requests_, .seed = showing_.seed};
  }

  Turns turns() const { return Turns::of(stage_.hub().process().pid()); }

 private:
  Showing& showing_;
  Stage& stage_;
  const std::vector<std::string> requests_;
  double a_second_ = 0, rate_ = 0, cost_ = 0;
};

} // namespace plugboard::test
