// The calls that one question makes of its system, as a state machine: one; after a failure that may pass, another;
// beside one that takes longer than usual, another. The first good answer counts. Pure; owned by the question's lane.
#pragma once

#include "core/base/random.hpp"
#include "core/connector/steady_rules.hpp"
#include "core/connector/symptom.hpp"

#include <cstdint>
#include <optional>

namespace plugboard::connector {

class Attempts {
 public:
  enum class Which : std::uint8_t { main = 1, hedge };
  enum class Step : std::uint8_t {
    wait = 1, // the other one may still answer
    finish,   // this outcome is the question's
    retry,    // if time, budget and breaker allow; else finish
  };

  void started(Which which);
  Step ended(Which which, const Outcome& outcome, Symptom symptom, const RetryRules& rules);

  void withdrawn(Which which) { runs(which) = false; } // cancelled

  bool is_running(Which which) const { return which == Which::main ? main_ : hedge_; }

  bool may_hedge() const { return main_ && course.hedges == 0; }

  // How long to wait before the next call: all of the jitter, so that those who failed together do not come together
  // again, and never less than the system asked for. None: there is no time for it. usual: how long a call takes.
  std::optional<Duration> pause(const Outcome& outcome, Duration left, Duration usual, Random& random) const;

  bool is_retry() const { return course.retries > 0; }

  // Of the question, as far as it got.
  Course course{};

 private:
  bool& runs(Which which) { return which == Which::main ? main_ : hedge_; }

  bool main_ = false, hedge_ = false;
};

} // namespace plugboard::connector
