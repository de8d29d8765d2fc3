// The second half of a lane: questions that wait, for a place or until their system may be asked again, and those that
// take so long that they get another call beside theirs.
#include "core/base/insist.hpp"
#include "core/connector/examine.hpp"
#include "core/connector/steady_lane.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr Duration kLeastTick = std::chrono::milliseconds(2); // between two looks for slow ones

} // namespace

void SteadyLane::set_alarm(Question& question, Instant at) {
  clear_alarm(question);
  if (deadlines_ == nullptr) return;
  deadlines_->add(Deadline(at), id_of(question));
  question.alarm = at;
}

void SteadyLane::clear_alarm(Question& question) {
  if (question.alarm && deadlines_ != nullptr) deadlines_->remove(Deadline(*question.alarm), id_of(question));
  question.alarm.reset();
}

void SteadyLane::time_passed(Connector::CallId id) {
  Question* question = find(id);
  if (question == nullptr) return;
  question->alarm.reset();
  if (question->phase == Phase::waits)
    finish(*question, question->failure ? std::move(*question->failure) : too_late(*question));
  else if (question->phase == Phase::pauses)
    enter(*question, nullptr);
}

Outcome SteadyLane::too_late(const Question& question) const {
  const bool own = question.until < question.deadline.at();
  return failed(Status::timeout, own ? Reason::connector_timeout : Reason::deadline);
}

void SteadyLane::admitted(Connector::CallId id) {
  if (closed_) return; // and what it shared may be gone
  Question* question = find(id);
  if (question == nullptr || question->phase != Phase::waits) return tell(shop_.restraint.leave_unused(now()).next);
  clear_alarm(*question);
  question->attempts.course.waited += now() - question->waits_since;
  if (!shop_.restraint.is_open(*question->ward))
    return ask(*question, Which::main, false, LookupRequest(question->request));
  tell(shop_.restraint.leave_unused(now()).next);
  shop_.tally.refused_by_breaker();
  finish(*question, question->failure ? std::move(*question->failure) : left_alone(Duration::zero()));
}

void SteadyLane::gave_way(Connector::CallId id) {
  Question* question = find(id);
  if (closed_ || question == nullptr || question->phase != Phase::waits) return;
  shop_.tally.refused_by_limit();
  finish(*question, question->failure ? std::move(*question->failure)
                                      : failed(Status::unavailable, Reason::overloaded, "others had waited for less"));
}

void SteadyLane::list(Question& question) {
  const Duration wait = shop_.restraint.hedge_wait(question.section);
  if (wait == Duration::zero() || closed_) return;
  question.hedge_at = question.main.started + wait;
  question.is_listed = true;
  question.older = youngest_;
  question.younger = kNone;
  (youngest_ == kNone ? oldest_ : questions_[youngest_].younger) = question.slot;
  youngest_ = question.slot;
  if (!armed_) arm();
}

void SteadyLane::unlist(Question& question) {
  if (!std::exchange(question.is_listed, false)) return;
  (question.older == kNone ? oldest_ : questions_[question.older].younger) = question.younger;
  (question.younger == kNone ? youngest_ : questions_[question.younger].older) = question.older;
}

// One timer for all, which is not touched when an answer comes: it looks at the oldest that there is then.
void SteadyLane::arm() {
  const Duration wait = std::max(questions_[oldest_].hedge_at - now(), kLeastTick);
  timer_->expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait));
  armed_ = true;
  insist([this] {
    timer_->async_wait([lane = weak_from_this()](boost::system::error_code cancelled) {
      if (const auto self = lane.lock(); self && !cancelled && !self->closed_) self->look_for_slow_ones();
    });
  });
}

void SteadyLane::look_for_slow_ones() {
  armed_ = false;
  const Instant now = this->now();
  while (oldest_ != kNone && questions_[oldest_].hedge_at <= now) {
    Question& question = questions_[oldest_];
    unlist(question);
    hedge(question);
  }
  if (oldest_ != kNone && !armed_) arm();
}

// Never where it would have to wait, above the plugin or below: a blocking plugin's threads may be held by calls that
// were given up and do not know it yet.
void SteadyLane::hedge(Question& question) {
  Restraint& restraint = shop_.restraint;
  if (!question.attempts.may_hedge() || question.until - now() < restraint.usual(question.section)) return;
  const std::size_t places = places_for_calls(shop_.inner.settings());
  const auto counts = shop_.inner.counts();
  const std::size_t taken = static_cast<std::size_t>(counts.in_flight + counts.waiting);
  if (!restraint.may_hedge(*question.ward, places > taken ? places - taken : 0)) return;
  shop_.tally.hedged();
  ask(question, Which::hedge, false, LookupRequest(question.request));
}

} // namespace plugboard::connector
