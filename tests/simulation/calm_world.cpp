#include "tests/simulation/calm_world.hpp"

#include "core/connector/examine.hpp"
#include "tests/unit/context/graph.hpp"

#include <utility>

namespace plugboard::context {

using connector::Attempts;
using connector::Outcome;
using connector::Reason;
using connector::Restraint;
using connector::Status;
using connector::Symptom;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t kSystems = 40, kContexts = 60;
constexpr const char* kTenants[] = {"se", "no"};

std::size_t index_of(Attempts::Which which) {
  return which == Attempts::Which::main ? 0 : 1;
}

// The same for all seeds: most need what the session brings, some what others yield.
std::shared_ptr<const Catalog> make_catalog() {
  testing::Graph graph;
  for (std::size_t i = 0; i < kSystems; ++i) {
    const bool yields = i % 10 == 0;
    const auto own = "c" + std::to_string(i) + ".id", lacking = "c" + std::to_string(i / 10 * 10) + ".id";
    graph.connector("c" + std::to_string(i), {testing::spec("s", {{i % 10 == 5 ? lacking : "email"}},
                                                            yields ? std::vector{own} : std::vector<std::string>{})});
  }
  return graph.build({"email"});
}

} // namespace

CalmWorld::CalmWorld(std::uint64_t seed, Mutant mutant) : seed_(seed), mutant_(mutant), random_(seed) {
  static const auto kCatalog = make_catalog();
  catalog_ = kCatalog;
  calls_.emplace_back(); // no call has number 0
  questions_.push_back({0, 0});
  calls_.reserve(4096);
  questions_.reserve(4096);
}

Duration CalmWorld::between(unsigned least_ms, unsigned most_ms) {
  return milliseconds(least_ms + random_.below(most_ms - least_ms + 1));
}

void CalmWorld::broken(const std::string& promise) {
  if (broken_.empty())
    broken_ = "PLUGBOARD_SEED=" + std::to_string(seed_) + " at " +
              std::to_string(plugboard::milliseconds(now_.time_since_epoch())) + " ms: " + promise;
}

std::string CalmWorld::run() {
  make_systems();
  contexts_.resize(kContexts);
  for (std::size_t i = 0; i < kContexts; ++i) push(What::context, now_ + seconds(i), i);
  if (chance(20)) push(What::close, now_ + between(10'000, 59'000));
  while (!events_.empty() && broken_.empty()) {
    const Event event = events_.top();
    events_.pop();
    now_ = event.at;
    handle(event);
  }
  for (System& system : systems_) {
    const auto left = system.restraint.now(now_, {});
    if (left.running != 0 || left.waiting != 0) broken("places are taken in the end, or somebody waits");
  }
  return broken_;
}

// Most are well; each other one has its own way. What is usual was learned in the hours before.
void CalmWorld::make_systems() {
  for (std::size_t i = 0; i < kSystems; ++i) {
    const auto fault = chance(40) ? Fault::none : static_cast<Fault>(2 + random_.below(6));
    System& system = systems_.emplace_back(fault, rules_, 1 + random_.below(6), random_);
    system.usual = between(1, 40);
    system.period = between(4'000, 20'000);
    if (chance(30)) continue;
    auto& ward = system.restraint.ward_of(kTenants[0]);
    for (int n = 0; n < 120; ++n) {
      static_cast<void>(system.restraint.enter(ward, "", {now_ + seconds(1), 0, 0}, now_));
      static_cast<void>(system.restraint.leave(ward, {0, Symptom::answered, false, false, now_ - system.usual}, now_));
    }
    system.ended = 120;
  }
}

void CalmWorld::handle(const Event& event) {
  switch (event.kind) {
  case What::context:
    return begin_context(event.which);
  case What::closing: {
    Context& context = contexts_[event.which];
    if (!context.over) context.gather->timer(now_, context.actions);
    return happened(event.which);
  }
  case What::gone: {
    Context& context = contexts_[event.which];
    if (!context.over) context.gather->cancelled(now_, context.actions);
    return happened(event.which);
  }
  case What::answer:
    return answered(event.which, calls_[event.which].answer);
  case What::too_late: // the inner connector's own limit, or that of who waits
    if (calls_[event.which].over) return;
    return answered(event.which, connector::failed(Status::timeout, Reason::deadline));
  case What::go_on:
    if (questions_[event.which].phase == Phase::pauses ||
        (mutant_ == Mutant::retries_after_close && questions_[event.which].phase == Phase::over))
      enter(event.which);
    else if (questions_[event.which].phase == Phase::waits && now_ >= questions_[event.which].until)
      finish(event.which, connector::failed(Status::timeout, Reason::deadline));
    return;
  case What::admitted:
    return admitted(event.which);
  case What::look:
    return hedge(event.which);
  case What::close:
    return close();
  }
}

void CalmWorld::begin_context(std::size_t number) {
  Context& context = contexts_[number];
  context.tenant = random_.below(4) == 0 ? 1 : 0;
  context.closes_at = now_ + between(50, 4'000);
  context.questions.assign(kSystems, 0);
  std::vector<Identifier> known{{"email", "v", true, "login"}};
  auto plan = make_plan(*catalog_, testing::all_of(*catalog_), known, Assurance::aal1);
  context.gather = std::make_unique<Gather>(catalog_, std::move(plan), std::move(known), context.closes_at);
  if (chance(10)) push(What::gone, now_ + between(0, 500), number);
  context.gather->begin(now_, context.actions);
  happened(number);
}

void CalmWorld::happened(std::size_t number) {
  Context& context = contexts_[number];
  if (std::exchange(context.happening, true)) return; // what came at once queues up behind
  for (std::size_t i = 0; i < context.actions.size(); ++i) {
    const Action action = std::move(context.actions[i]);
    if (context.over) broken("an action after the end");
    if (action.kind == Action::Kind::start) {
      if (context.gather->running(action.section)) begin(number, action);
    } else if (action.kind == Action::Kind::cancel) {
      if (const auto question = std::exchange(context.questions[action.section], 0)) {
        withdraw(question);
        questions_[question].phase = Phase::over;
      }
    } else if (action.kind == Action::Kind::arm) {
      push(What::closing, action.at, number);
    } else {
      check_end(context);
    }
  }
  context.actions.clear();
  context.happening = false;
}

void CalmWorld::check_end(Context& context) {
  context.over = true;
  if (now_ > context.closes_at) broken("a context that ended after its deadline");
  for (const auto& result : context.gather->take_results()) seen_.ok += result.outcome.status == Status::ok ? 1 : 0;
}

Restraint::Ward& CalmWorld::ward_of(const Question& question) {
  return system_of(question).restraint.ward_of(kTenants[contexts_[question.context].tenant]);
}

std::string CalmWorld::mark(const Question& question) const {
  return std::to_string(question.context) + "/" + std::to_string(question.section);
}

void CalmWorld::begin(std::size_t context, const Action& action) {
  const std::size_t number = questions_.size();
  questions_.push_back({context, action.section, contexts_[context].closes_at});
  contexts_[context].questions[action.section] = number;
  if (closed_) return finish(number, connector::failed(Status::unavailable, Reason::plugin_disabled));
  enter(number);
}

void CalmWorld::enter(std::size_t number) {
  Question& question = questions_[number];
  System& system = system_of(question);
  const auto entry = system.restraint.enter(ward_of(question), "", {question.until, 0, number}, now_);
  const auto refused = [&](Reason reason) {
    ++seen_.refused;
    finish(number, question.failure ? Outcome(*question.failure) : connector::failed(Status::unavailable, reason));
  };
  switch (entry.way) {
  case Restraint::Way::admitted:
    return ask(number, Which::main, entry.probe);
  case Restraint::Way::waits:
    ++seen_.waited;
    question.phase = Phase::waits;
    question.ticket = entry.ticket;
    push(What::go_on, question.until, number);
    if (entry.given_up) finish(entry.given_up->call, connector::failed(Status::unavailable, Reason::overloaded));
    return;
  case Restraint::Way::broken:
    return refused(Reason::breaker_open);
  case Restraint::Way::full:
    return refused(Reason::overloaded);
  }
}

void CalmWorld::ask(std::size_t number, Which which, bool probe) {
  Question& question = questions_[number];
  System& system = system_of(question);
  const auto tenant = contexts_[question.context].tenant;
  const bool retry = which == Which::main && question.attempts.course.calls > 0;
  if (closed_) broken("a call was started after the end");
  if (question.phase == Phase::over || contexts_[question.context].over) broken("a call that nobody waits for");
  if (now_ >= question.until) broken("a call past the deadline");
  if (system.open_since[tenant] && !probe) broken("a call that is no probe, while the breaker is open");
  if (now_ < question.not_before) broken("a retry sooner than the system asked for");
  if (probe) {
    auto& probes = system.probes[tenant];
    if (probes.last && now_ - *probes.last < seconds(1) && !probes.last_went_well) broken("two probes in a second");
    if (probes.before && now_ - *probes.before < seconds(1)) broken("three probes in a second");
    probes = {now_, probes.last};
    ++system.probes_inside;
    ++seen_.probes;
  }
  if (++system.inside > system.places + system.probes_inside) broken("more calls at once than may be");
  system.retries += retry ? 1 : 0;
  system.hedges += which == Which::hedge ? 1 : 0;
  if (system.retries * 100 > system.ended * rules_.retry.percent + 500) broken("more retries than the budget gives");
  if (system.hedges * 100 > system.ended * rules_.hedge.percent + 500) broken("more hedges than the budget gives");
  ++seen_.calls;
  seen_.retries += retry ? 1 : 0;
  seen_.hedges += which == Which::hedge ? 1 : 0;

  question.phase = Phase::calls;
  const bool first = question.attempts.course.calls == 0;
  question.attempts.started(which);
  const std::size_t call = calls_.size();
  question.call[index_of(which)] = call;
  calls_.push_back({number, which, now_, probe});
  make_answer(calls_[call], call, system);
  push(What::too_late, question.until, call);
  if (const Duration wait = system.restraint.hedge_wait(0); first && !probe && wait > Duration::zero())
    push(What::look, now_ + wait, call);
}

void CalmWorld::make_answer(Call& call, std::size_t number, const System& system) {
  const Question& question = questions_[call.question];
  Outcome good;
  good.detail = mark(question);
  if (question.section % 10 == 0)
    good.yields.push_back({"c" + std::to_string(question.section) + ".id", "v", true, "c"});
  const Outcome bad = connector::failed(Status::error, chance(50) ? Reason::unreachable : Reason::upstream_failed);
  Duration after = system.usual / 2 + between(0, 20);
  call.answer = good;
  switch (system.fault) {
  case Fault::none:
    if (chance(1)) after += seconds(1);
    break;
  case Fault::slow:
    after = between(200, 3'000);
    break;
  case Fault::hung:
    return;
  case Fault::failing:
    call.answer = bad;
    break;
  case Fault::flapping:
    if ((now_.time_since_epoch() / system.period) % 2 == 0) call.answer = bad;
    break;
  case Fault::lying: // of somebody else, which the border finds out; twice; after nobody waits any more
    if (chance(30)) call.answer = connector::failed(Status::invalid, Reason::wrong_customer);
    if (chance(30)) push(What::answer, now_ + after + between(0, 2'000), number);
    break;
  case Fault::retry_after:
    if (chance(60)) {
      call.answer = connector::failed(Status::error, Reason::upstream_rate_limited);
      call.answer.retry_after = between(10, 2'000);
    }
    break;
  }
  push(What::answer, now_ + after, number);
}

void CalmWorld::answered(std::size_t number, Outcome outcome) {
  if (calls_[number].over) return; // the connector below drops what comes twice, or late
  calls_[number].over = true;
  const Call call = calls_[number];
  Question& question = questions_[call.question];
  if (!question.attempts.is_running(call.which)) return broken("an answer to a call that is not under way");
  const Symptom symptom = connector::symptom_of(outcome, now_ - call.started, system_of(question).restraint.slow(0));
  const auto step = question.attempts.ended(call.which, outcome, symptom, rules_.retry);
  leave(call, symptom);
  if (step == Attempts::Step::wait) return;
  if (step == Attempts::Step::retry && !call.probe && pause(call.question, outcome)) return;
  if (mutant_ == Mutant::answers_another && call.question > 1 && chance(1)) outcome.detail = mark(questions_[1]);
  finish(call.question, std::move(outcome));
}

bool CalmWorld::pause(std::size_t number, Outcome& outcome) {
  Question& question = questions_[number];
  System& system = system_of(question);
  if (closed_) return false;
  const Duration left = question.until - now_;
  const auto pause =
      question.attempts.pause(outcome, std::max(left, Duration::zero()), system.restraint.usual(0), random_);
  if (!pause || !system.restraint.may_retry(ward_of(question))) return false;
  question.not_before = now_ + outcome.retry_after;
  question.failure = std::move(outcome);
  question.phase = Phase::pauses;
  push(What::go_on, mutant_ == Mutant::comes_too_soon ? now_ : now_ + *pause, number);
  return true;
}

void CalmWorld::admitted(std::size_t number) {
  Question& question = questions_[number];
  System& system = system_of(question);
  const bool waits = !closed_ && question.phase == Phase::waits;
  const bool may = mutant_ == Mutant::ignores_the_breaker || !system.restraint.is_open(ward_of(question));
  if (waits && may) return ask(number, Which::main, false);
  tell(system, system.restraint.leave_unused(now_).next);
  if (waits) finish(number, connector::failed(Status::unavailable, Reason::breaker_open));
}

void CalmWorld::hedge(std::size_t number) {
  const Call& call = calls_[number];
  Question& question = questions_[call.question];
  System& system = system_of(question);
  if (call.over || closed_ || question.phase != Phase::calls || !question.attempts.may_hedge()) return;
  if (question.until - now_ < system.restraint.usual(0) || now_ >= question.until) return;
  const std::size_t free = system.places > system.inside ? system.places - system.inside : 0;
  auto& ward = ward_of(question);
  if (mutant_ == Mutant::hedges_for_nothing) {
    if (free == 0 ||
        system.restraint.enter(ward, "", {question.until, 0, call.question}, now_).way != Restraint::Way::admitted)
      return;
  } else if (!system.restraint.may_hedge(ward, free)) {
    return;
  }
  ask(call.question, Which::hedge, false);
}

void CalmWorld::leave(const Call& call, Symptom symptom) {
  const Question& question = questions_[call.question];
  System& system = system_of(question);
  const auto tenant = contexts_[question.context].tenant;
  const bool extra = call.which == Which::hedge || question.attempts.is_retry();
  --system.inside;
  if (call.probe) {
    --system.probes_inside;
    system.probes[tenant].last_went_well = symptom == Symptom::answered;
  }
  if (!extra) ++system.ended;
  const auto left = system.restraint.leave(ward_of(question), {0, symptom, extra, call.probe, call.started}, now_);
  if (left.breaker == Restraint::Turn::opened) {
    system.open_since[tenant] = now_;
    ++seen_.opened;
  } else if (left.breaker == Restraint::Turn::closed) {
    system.open_since[tenant].reset();
  }
  tell(system, left.next);
}

void CalmWorld::tell(System&, const std::vector<connector::FairLine::Waiter>& next) {
  for (const auto& one : next) push(What::admitted, now_, one.call);
}

void CalmWorld::withdraw(std::size_t number) {
  for (const auto which : {Which::main, Which::hedge}) {
    Question& question = questions_[number];
    if (!question.attempts.is_running(which)) continue;
    question.attempts.withdrawn(which);
    Call& call = calls_[question.call[index_of(which)]];
    call.over = true;
    if (mutant_ == Mutant::keeps_the_place && chance(1)) continue;
    const bool slow = now_ - call.started >= system_of(question).restraint.slow(0);
    leave(Call(call), slow ? Symptom::failed : Symptom::none);
  }
  Question& question = questions_[number];
  if (question.phase == Phase::waits) static_cast<void>(system_of(question).restraint.give_up(question.ticket));
}

void CalmWorld::finish(std::size_t number, Outcome outcome) {
  withdraw(number);
  Question& question = questions_[number];
  if (question.phase == Phase::over) return broken("a question that ends twice");
  question.phase = Phase::over;
  Context& context = contexts_[question.context];
  if (context.over) return broken("an outcome for a context that is over");
  if (now_ > context.closes_at) return broken("an outcome after the deadline");
  if (outcome.status == Status::ok && outcome.detail != mark(question)) return broken("a foreign section");
  context.questions[question.section] = 0;
  context.gather->arrived(question.section, std::move(outcome), now_, context.actions);
  happened(question.context);
}

// As Steady::stop: first those who wait or pause, then what is under way below.
void CalmWorld::close() {
  closed_ = true;
  for (std::size_t i = 1; i < questions_.size(); ++i)
    if (questions_[i].phase == Phase::waits || questions_[i].phase == Phase::pauses)
      finish(i, connector::failed(Status::unavailable, Reason::plugin_disabled));
  for (std::size_t i = 1; i < calls_.size(); ++i)
    if (!calls_[i].over) answered(i, connector::failed(Status::unavailable, Reason::plugin_disabled));
}

} // namespace plugboard::context
