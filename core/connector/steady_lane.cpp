#include "core/connector/steady_lane.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/connector/examine.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

// A call's number: which time its place is used, the place, the home. The highest bits are others' (Steady's).
constexpr std::uint32_t kGenerations = 0x3fffffff;

Outcome too_many(Duration retry_after) {
  Outcome outcome = failed(Status::unavailable, Reason::overloaded, "too many calls wait already");
  outcome.retry_after = retry_after;
  return outcome;
}

} // namespace

Outcome left_alone(Duration retry_after) {
  Outcome outcome = failed(Status::unavailable, Reason::breaker_open,
                           "too many of its latest calls failed or were slow; it is tried again in a moment");
  outcome.retry_after = retry_after;
  return outcome;
}

SteadyLane::SteadyLane(Shop& shop, Home& home, std::size_t index)
    : shop_(shop), home_(home), index_(index),
      keeps_(shop.restraint.rules().retry.attempts > 1 || shop.restraint.rules().hedge.enabled),
      deadlines_(std::make_unique<Deadlines>(home.io, home.clock, [this](Connector::CallId id) { time_passed(id); })),
      timer_(std::make_unique<Timer>(home.io)) {}

SteadyLane::Question& SteadyLane::take_slot() {
  if (free_.empty()) {
    free_.reserve(questions_.size() + 1); // so that giving back needs no memory
    Question& question = questions_.emplace_back();
    question.slot = static_cast<std::uint32_t>(questions_.size() - 1);
    return question;
  }
  Question& question = questions_[free_.back()];
  free_.pop_back();
  return question;
}

void SteadyLane::give_back(Question& question) {
  unlist(question);
  clear_alarm(question);
  question.phase = Phase::free;
  question.generation = question.generation % kGenerations + 1;
  question.done = nullptr;
  question.failure.reset();
  question.request.caller = nullptr;
  question.request.inputs.clear();
  free_.push_back(question.slot);
}

Connector::CallId SteadyLane::id_of(const Question& question) const {
  return Connector::CallId{question.generation} << 32 | question.slot << 8 | index_;
}

SteadyLane::Question* SteadyLane::find(Connector::CallId id) {
  const auto slot = static_cast<std::size_t>(id & 0xffffffff) >> 8;
  if (slot >= questions_.size()) return nullptr;
  Question& question = questions_[slot];
  return question.phase != Phase::free && question.generation == id >> 32 ? &question : nullptr;
}

Restraint::Ward& SteadyLane::ward_of(std::string_view tenant) {
  if (const auto found = wards_.find(tenant); found != wards_.end()) return *found->second;
  Restraint::Ward& ward = shop_.restraint.ward_of(tenant);
  if (ward.tenant() == tenant) wards_.emplace(tenant, &ward); // else they are too many to remember
  return ward;
}

Connector::CallId SteadyLane::begin(LookupRequest request, Deadline deadline, LookupDone done) {
  if (closed_) return done(failed(Status::unavailable, Reason::plugin_disabled)), 0;
  Restraint::Ward& ward = ward_of(request.caller->tenant);
  Question& question = take_slot();
  question.phase = Phase::calls;
  OnExit beginning([&] { give_back(question); });
  if (keeps_) question.request = request; // into the strings of the one before
  question.section = request.section;
  question.begun = now();
  question.deadline = deadline;
  question.until = std::min(deadline.at(), Deadline::after(question.begun, shop_.inner.settings().timeout).at());
  question.done = std::move(done);
  question.ward = &ward;
  question.attempts = {};
  question.main = question.hedge = {};
  beginning.dismiss();
  const Connector::CallId id = id_of(question);
  enter(question, &request);
  return find(id) != nullptr ? id : 0;
}

// request: what was asked, when nobody has asked it yet.
void SteadyLane::enter(Question& question, LookupRequest* request) {
  const Instant now = this->now();
  const LookupRequest& asked = request != nullptr ? *request : question.request;
  auto entry =
      shop_.restraint.enter(*question.ward, asked.caller->actor, {question.until, index_, id_of(question)}, now);
  switch (entry.way) {
  case Restraint::Way::admitted:
    return ask(question, Which::main, entry.probe, request != nullptr ? std::move(*request) : question.request);
  case Restraint::Way::waits:
    question.phase = Phase::waits;
    question.ticket = entry.ticket;
    question.waits_since = now;
    if (request != nullptr && !keeps_) question.request = std::move(*request);
    set_alarm(question, question.until);
    if (entry.given_up)
      boost::asio::post(shop_.lanes[entry.given_up->home]->home_.io,
                        [lane = shop_.lanes[entry.given_up->home], id = entry.given_up->call] { lane->gave_way(id); });
    return;
  case Restraint::Way::broken:
    if (question.failure) return finish(question, Outcome(std::move(*question.failure)));
    shop_.tally.refused_by_breaker();
    return finish(question, left_alone(entry.retry_after));
  case Restraint::Way::full:
    if (question.failure) return finish(question, Outcome(std::move(*question.failure)));
    shop_.tally.refused_by_limit();
    return finish(question, too_many(entry.retry_after));
  }
}

void SteadyLane::ask(Question& question, Which which, bool probe, LookupRequest&& request) {
  const Connector::CallId id = id_of(question);
  const Instant now = this->now();
  Call& call = which == Which::main ? question.main : question.hedge;
  call = {0, now, probe};
  question.phase = Phase::calls;
  const bool first = question.attempts.course.calls == 0;
  question.attempts.started(which);
  if (first && !probe) list(question);
  if (!first && which == Which::main) shop_.tally.retried();
  const bool fresh = first && question.attempts.course.waited == Duration::zero();
  Asking frame{&call, false, asking_};
  asking_ = &frame;
  OnExit asking([&] { // it could not be, for want of memory
    asking_ = frame.outer;
    question.attempts.withdrawn(which);
    leave(*question.ward, {question.section, Symptom::none, !first, probe, now});
    if (which == Which::main) give_back(question);
  });
  const Connector::CallId inner =
      which == Which::main
          ? shop_.inner.lookup(std::move(request), fresh ? question.deadline : Deadline(question.until), home_,
                               [this, id](Outcome&& outcome) { ended(id, Which::main, std::move(outcome)); })
          : shop_.inner.lookup(std::move(request), Deadline(question.until), home_,
                               [this, id](Outcome&& outcome) { ended(id, Which::hedge, std::move(outcome)); });
  asking.dismiss();
  asking_ = frame.outer;
  if (frame.withdrawn)
    shop_.inner.cancel(inner); // what it led to at once has settled the question without it
  else if (find(id) == &question && question.attempts.is_running(which))
    call.id = inner;
}

void SteadyLane::leave(Restraint::Ward& ward, const Restraint::Ended& call) {
  const auto left = shop_.restraint.leave(ward, call, now());
  if (left.breaker != Restraint::Turn::none) shop_.tally.turned(ward.tenant(), left.breaker);
  tell(left.next);
}

void SteadyLane::tell(const std::vector<FairLine::Waiter>& next) {
  for (const FairLine::Waiter& one : next) {
    const auto& lane = shop_.lanes[one.home];
    insist([&] { boost::asio::post(lane->home_.io, [lane, id = one.call] { lane->admitted(id); }); });
  }
}

void SteadyLane::ended(Connector::CallId id, Which which, Outcome&& outcome) {
  Question* question = find(id);
  if (question == nullptr || !question->attempts.is_running(which)) return;
  const Call call = which == Which::main ? question->main : question->hedge;
  const std::size_t section = question->section;
  const Symptom symptom = symptom_of(outcome, now() - call.started, shop_.restraint.slow(section));
  const bool extra = which == Which::hedge || question->attempts.is_retry();
  const auto step = question->attempts.ended(which, outcome, symptom, shop_.restraint.rules().retry);
  leave(*question->ward, {section, symptom, extra, call.probe, call.started});
  if (outcome.status == Status::timeout && question->until < question->deadline.at())
    outcome.reason = Reason::connector_timeout; // its later calls were given what was left of that
  if (step == Attempts::Step::wait) return;
  if (step == Attempts::Step::retry && !call.probe && pause(*question, outcome)) return;
  finish(*question, std::move(outcome));
}

bool SteadyLane::pause(Question& question, Outcome& outcome) {
  if (closed_) return false;
  const Instant now = this->now();
  Restraint& restraint = shop_.restraint;
  const auto pause = question.attempts.pause(outcome, std::max(question.until - now, Duration::zero()),
                                             restraint.usual(question.section), restraint.random());
  if (!pause) return false;
  if (!restraint.may_retry(*question.ward)) return shop_.tally.retry_without_budget(), false;
  question.failure = std::move(outcome);
  question.phase = Phase::pauses;
  unlist(question);
  set_alarm(question, now + *pause);
  return true;
}

void SteadyLane::withdraw(Question& question, Which which) {
  if (!question.attempts.is_running(which)) return;
  question.attempts.withdrawn(which);
  const Call& call = which == Which::main ? question.main : question.hedge;
  if (call.id != 0)
    shop_.inner.cancel(call.id);
  else
    for (Asking* frame = asking_; frame != nullptr; frame = frame->outer)
      if (frame->call == &call && !std::exchange(frame->withdrawn, true)) break;
  // Who gave up had waited as long as one does; or had not, and nothing is to be learned.
  const bool slow = now() - call.started >= shop_.restraint.slow(question.section);
  const bool extra = which == Which::hedge || question.attempts.is_retry();
  leave(*question.ward, {question.section, slow ? Symptom::failed : Symptom::none, extra, call.probe, call.started});
}

void SteadyLane::withdraw(Question& question) {
  withdraw(question, Which::main);
  withdraw(question, Which::hedge);
  if (question.phase == Phase::waits) static_cast<void>(shop_.restraint.give_up(question.ticket));
}

void SteadyLane::finish(Question& question, Outcome&& outcome) {
  withdraw(question);
  outcome.course = question.attempts.course;
  if (outcome.course.hedge_answered) shop_.tally.hedge_answered();
  const LookupDone done = std::exchange(question.done, nullptr);
  give_back(question);
  done(std::move(outcome));
}

void SteadyLane::cancel(Connector::CallId id) {
  Question* question = find(id);
  if (question == nullptr) return;
  withdraw(*question);
  give_back(*question);
}

void SteadyLane::close() {
  closed_ = true;
  timer_.reset();
  for (Question& question : questions_) {
    if (question.phase != Phase::waits && question.phase != Phase::pauses) continue;
    finish(question,
           question.failure ? std::move(*question.failure) : failed(Status::unavailable, Reason::plugin_disabled));
  }
  deadlines_.reset();
}

} // namespace plugboard::connector
