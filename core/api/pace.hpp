// How fast somebody who asks for far more than the others do is let in: as often as the processor has time to spare
// beside what they ask for. What one costs is what the thread used of the processor of late, by what it answered. How
// busy the processor may be so is found out: less while anybody has to wait, more while nobody does. Part of Admission.
// [its thread]
#pragma once

#include "core/base/clock.hpp"

#include <cstddef>
#include <functional>
#include <optional>

namespace plugboard::api {

class Pace {
 public:
  // ran: how much processor time the calling thread has had. Made by any thread.
  explicit Pace(std::function<Duration()> ran);

  // left: of what was of late, by now. answered: requests, of late.
  void look(double left, double answered);

  struct Crowd {
    double others = 0;      // requests a second of those who are not greedy
    std::size_t greedy = 0; // clients
    std::size_t active = 1; // altogether
  };

  void find(const Crowd& crowd);
  void adapt(bool anybody_waits);
  Duration to_next(); // from one request of such a client to its next

 private:
  const std::function<Duration()> ran_so_far_;
  std::optional<Duration> ran_; // when it was last looked: not before its own thread does
  double ran_of_late_ = 0;      // seconds
  double cost_ = 0.001;         // of one, seconds: a guess, until something was answered
  double calm_;                 // part of the processor that may be busy
  Duration to_next_{};
  bool used_ = false; // since it was adapted
};

} // namespace plugboard::api
