// How many calls at once suit a system: finds its own level from how long calls take. While the many take much longer
// than the usual, the limit follows what runs downwards; while it is used up and they do not, it grows. Between the
// least and the most that its connector may. Pure. [one at a time]
#pragma once

#include "core/connector/steady_rules.hpp"

#include <cstddef>
#include <cstdint>

namespace plugboard::connector {

class CallLimit {
 public:
  CallLimit(const LimitRules& rules, std::size_t most);

  // One call is over. running: how many did, with it. True: the limit is another now.
  bool answered(Duration took, std::size_t running, Instant now);
  bool timed_out(std::size_t running, Instant now); // or took as long as one that does

  std::size_t now() const { return static_cast<std::size_t>(limit_); }

  std::size_t most() const { return static_cast<std::size_t>(most_); }

  Duration lately() const { return lately_; } // how long a call took; 0: unknown

 private:
  bool look(std::size_t running, Instant now);
  double level() const;

  const bool adaptive_;
  const double least_, most_;
  double limit_;
  Duration usual_{}; // how long one takes when there are few, slowly forgotten
  Duration lately_{};

  struct Window {
    Instant began = Instant::min();
    std::int64_t answered = 0, timed_out = 0;
    Duration took{};
    std::size_t most_running = 0;
  } window_;
};

} // namespace plugboard::connector
