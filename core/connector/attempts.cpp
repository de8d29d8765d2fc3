#include "core/connector/attempts.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(50), kLongestPause = std::chrono::seconds(1); // at most

} // namespace

void Attempts::started(Which which) {
  if (which == Which::hedge)
    ++course.hedges;
  else if (course.calls > 0)
    ++course.retries;
  ++course.calls;
  runs(which) = true;
}

Attempts::Step Attempts::ended(Which which, const Outcome& outcome, Symptom symptom, const RetryRules& rules) {
  runs(which) = false;
  if (symptom == Symptom::answered) {
    course.hedge_answered = which == Which::hedge;
    return Step::finish;
  }
  if (main_ || hedge_) return Step::wait;
  const bool more = course.retries + 1 < rules.attempts;
  return more && is_passing(outcome) ? Step::retry : Step::finish;
}

std::optional<Duration> Attempts::pause(const Outcome& outcome, Duration left, Duration usual, Random& random) const {
  const Duration most = std::min(kFirstPause * (1U << std::min(course.retries, 10U)), kLongestPause);
  const Duration jitter(static_cast<Duration::rep>(random.below(static_cast<std::uint64_t>(most.count()))));
  const Duration asked = std::min(outcome.retry_after, left); // what is more does not fit anyway
  const Duration pause = asked + jitter;
  if (asked >= left || pause >= left - std::min(usual, left)) return std::nullopt;
  return pause;
}

} // namespace plugboard::connector
