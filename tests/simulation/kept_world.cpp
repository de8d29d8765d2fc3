#include "tests/simulation/kept_world.hpp"

#include "tests/unit/connector/lookup_only.hpp"

#include <algorithm>

namespace plugboard::context {

using connector::AnsweredBy;
using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t kAsked = 250;
constexpr Duration kWhole = seconds(120);

// What tells one question from another for the system, and who may be given its answer.
std::string about(std::string_view customer, std::string_view actor, std::string_view section,
                  std::string_view generation) {
  std::string text;
  for (const auto part : {customer, actor, section, generation}) text.append(part).push_back('/');
  return text;
}

Outcome unavailable() {
  Outcome outcome;
  outcome.status = Status::unavailable;
  outcome.reason = Reason::plugin_disabled;
  return outcome;
}

} // namespace

KeptGround::KeptGround()
    : log(no_log()), resolver(http::Resolver::make(io_a, clock)),
      client(http::Client::make(io_a, {}, {}, clock, *log, resolver.get())),
      homes{{io_a, *client, *resolver, reader, clock, std::this_thread::get_id()},
            {io_b, *client, *resolver, reader, clock, std::this_thread::get_id()}} {}

class KeptWorld::System final : public plugboard::testing::LookupOnly {
 public:
  System(KeptWorld& world, std::string generation) : world_(world), generation_(std::move(generation)) {}

  CallId lookup(connector::LookupRequest request, Deadline deadline, connector::Home&,
                std::function<void(Outcome)> done) override {
    return world_.begin(std::move(request), generation_, deadline, std::move(done));
  }

  void cancel(CallId id) override { world_.calls_.erase(id); }

 private:
  KeptWorld& world_;
  const std::string generation_;
};

class KeptWorld::Person final : public Asker {
 public:
  Person(KeptWorld& world, Request its_request) : request(std::move(its_request)), world_(world) {}

  const Request& asked_for() const override { return request; }

  void answered(std::size_t, Outcome outcome) override { world_.told(*this, outcome); }

  Request request;
  std::string wants; // as about() says
  connector::Home* home = nullptr;
  Instant asked{};
  Deadline until = Deadline::never();
  KeepingRules rules;
  Answers::Found found;
  std::size_t section = 0;
  std::uint64_t call_before = 0; // the last that had begun when it asked
  bool over = false;

 private:
  KeptWorld& world_;
};

KeptWorld::KeptWorld(std::uint64_t seed, KeptMutant mutant, KeptGround& ground)
    : seed_(seed), mutant_(mutant), ground_(ground), random_(seed),
      answers_(std::make_unique<Answers>(chance(30) ? 20'000 : std::size_t{1} << 20, random_, ground.metrics)),
      began_(ground.clock.now()) {
  configure();
}

KeptWorld::~KeptWorld() {
  for (auto& [id, call] : std::exchange(calls_, {})) call.done(unavailable());
  ground_.run();
}

Duration KeptWorld::between(unsigned least_ms, unsigned most_ms) {
  const auto from = std::uint64_t{least_ms} * 1'000'000;
  return Duration(static_cast<Duration::rep>(from + random_.below(std::uint64_t{most_ms} * 1'000'000 - from)));
}

void KeptWorld::push(What kind, Duration after, std::size_t which) {
  events_.push({ground_.clock.now() + after, random_.next(), kind, which});
}

void KeptWorld::broken(const std::string& promise) {
  if (!broken_.empty()) return;
  broken_ = promise + ", " + std::to_string((ground_.clock.now() - began_).count()) + " ns after it began, seed " +
            std::to_string(seed_);
}

std::string KeptWorld::run() {
  for (std::size_t i = 0; i < kAsked; ++i) push(What::ask, between(0, 115'000));
  for (int i = 0; i < 6; ++i) push(What::purge, between(0, 115'000));
  if (chance(50)) push(What::reload, between(0, 115'000));
  push(What::close, chance(30) ? between(0, 115'000) : kWhole);
  while (!events_.empty() && broken_.empty()) {
    const auto event = events_.top();
    events_.pop();
    ground_.clock.advance(event.at - ground_.clock.now());
    handle(event);
    ground_.run();
    hold_calls();
  }
  if (broken_.empty() && answers_->figures().flights > 0) broken("a flight is left though everything is over");
  return broken_;
}

void KeptWorld::handle(const Event& event) {
  switch (event.kind) {
  case What::ask:
    if (!closed_ || mutant_ == KeptMutant::goes_on_after_close) ask(event.which);
    break;
  case What::leave:
    leave(*persons_[event.which]);
    break;
  case What::answer:
    answer(event.which);
    break;
  case What::purge:
    purge();
    break;
  case What::reload:
    configure();
    break;
  case What::close:
    close();
    break;
  }
}

// As it is from now on. What was answered under another configuration is nobody's.
void KeptWorld::configure() {
  generation_ = std::to_string(random_.below(1'000'000));
  system_ = std::make_shared<System>(*this, generation_);
  rules_ = {};
  if (chance(80)) rules_.fresh = between(500, 10'000);
  if (chance(50)) rules_.revalidate = between(100, 5'000);
  if (chance(50)) rules_.if_error = between(100, 10'000);
  if (chance(50)) rules_.not_found = between(100, 2'000);
  auto kept = rules_;
  if (mutant_ == KeptMutant::keeps_longer) kept.fresh *= 3;
  const bool by_actor = mutant_ != KeptMutant::forgets_the_actor;
  source_ =
      answers_->source({"crm", "fake", "1.0.0", generation_, by_actor, true, {"contact", "orders"}, {kept, kept}});
  answers_->keep_only({source_});
}

void KeptWorld::ask(std::size_t) {
  ++seen_.asked;
  const std::size_t section = random_.below(2);
  const std::string customer = std::to_string(random_.below(3)), actor = chance(70) ? "" : "bot";
  Request request;
  request.tenant = "default";
  request.customer = customer;
  request.actor = actor;
  request.known = {{"customer_id", customer, true, "login"}};
  auto person = std::make_shared<Person>(*this, std::move(request));
  person->wants = about(customer, actor, section == 0 ? "contact" : "orders", generation_);
  person->home = &ground_.homes[random_.below(2)];
  person->asked = ground_.clock.now();
  const auto time = between(20, 1'500);
  person->until = Deadline::after(person->asked, time);
  person->rules = rules_;
  if (chance(20)) person->request.max_age = chance(30) ? Duration::zero() : between(0, 5'000);
  person->section = section;
  person->call_before = last_call_;
  persons_.push_back(person);
  waiting_.push_back(person.get());
  push(What::leave, chance(20) ? between(0, 20) : time, persons_.size() - 1);
  auto max_age = person->request.max_age;
  if (mutant_ == KeptMutant::takes_any_age) max_age.reset();
  if (mutant_ == KeptMutant::asks_alone) max_age = Duration::zero();
  const auto identifiers = mutant_ == KeptMutant::forgets_whom ? std::span<const Identifier>{} : person->request.known;
  const Question question{.source = source_,
                          .section = section,
                          .tenant = "default",
                          .language = {},
                          .purpose = {},
                          .actor = person->request.actor,
                          .identifiers = identifiers};
  asking_ = person.get();
  person->found = answers_->ask(
      question, system_, {person, section, person->home, person->until, answers_->mark("default", customer)}, max_age);
  asking_ = nullptr;
  if (!person->found.outcome) {
    if (!person->found.flight) person->over = true; // it would call itself, which is not about this
    return;
  }
  if (const auto call = calls_.find(last_call_); last_call_ > person->call_before && call != calls_.end())
    call->second.is_refresh = true;
  told(*person, *person->found.outcome);
}

void KeptWorld::leave(Person& person) {
  if (person.over || mutant_ == KeptMutant::waits_on) return;
  person.over = true;
  ++seen_.left;
  if (mutant_ != KeptMutant::leaves_the_call) answers_->leave(person.found.flight, person, person.section);
}

void KeptWorld::told(Person& person, const Outcome& outcome) {
  const Instant now = ground_.clock.now();
  if (person.over) return; // it was on the way when its asker left, who does not listen any more
  if (now > person.until.at()) return broken("an answer came to who had no more time");
  person.over = true;
  if (outcome.status != Status::ok && outcome.status != Status::not_found) {
    if (outcome.status == Status::timeout && outcome.reason == Reason::deadline && now < person.until.at())
      return broken("somebody's call ended for another's deadline");
    if (person.found.fallback && may_be_stale_for(outcome)) give_stale(person, *person.found.fallback);
    return;
  }
  const bool cached = outcome.course.by == AnsweredBy::cache;
  seen_.cached += cached ? 1 : 0;
  seen_.shared += outcome.course.by == AnsweredBy::shared_call ? 1 : 0;
  const auto& rules = person.rules;
  const auto most = outcome.status == Status::ok ? rules.fresh + rules.revalidate : rules.not_found;
  hold(person, outcome, cached ? most : Duration::max());
}

void KeptWorld::give_stale(Person& person, const KeptAnswer& answer) {
  if (ground_.clock.now() > person.found.fallback_until && mutant_ != KeptMutant::gives_stale_forever) return;
  ++seen_.stale;
  hold(person, answer.outcome, person.rules.fresh + person.rules.if_error);
}

// detail: which call it is of.
void KeptWorld::hold(const Person& person, const Outcome& outcome, Duration most_age) {
  const auto& was = history_.at(std::stoul(outcome.detail) - 1);
  const Instant now = ground_.clock.now();
  if (was.about != person.wants) return broken("who asked for " + person.wants + " got " + was.about);
  if (most_age != Duration::max() && now - was.landed > most_age) return broken("an answer was given that is too old");
  const auto wanted = person.request.max_age;
  if (wanted && was.began + *wanted < person.asked && was.landed + *wanted < now)
    return broken("an answer is older than who asked would take");
  const auto purge = purged_.find(person.request.customer);
  if (purge != purged_.end() && was.began < purge->second && person.asked >= purge->second)
    broken("an answer was given that had been purged");
}

void KeptWorld::purge() {
  ++seen_.purges;
  const auto customer = std::to_string(random_.below(3));
  if (mutant_ != KeptMutant::never_purges) answers_->purge({"default", customer, {}, {}});
  purged_[customer] = ground_.clock.now();
}

void KeptWorld::close() {
  closed_ = true;
  for (auto& [id, call] : std::exchange(calls_, {})) call.done(unavailable());
}

connector::Connector::CallId KeptWorld::begin(connector::LookupRequest request, const std::string& generation,
                                              Deadline until, std::function<void(Outcome)> done) {
  ++seen_.calls;
  const Instant now = ground_.clock.now();
  if (closed_) broken("a call began after the end");
  const auto whom = request.identifiers.empty() ? std::string_view() : std::string_view(request.identifiers[0].value);
  Call call{about(whom, request.caller->actor, request.section == 0 ? "contact" : "orders", generation), now, until,
            std::move(done)};
  const bool takes_others = asking_ && (!asking_->request.max_age || *asking_->request.max_age > Duration::zero());
  const auto purge = purged_.find(std::string(whom));
  bool is_alone = true;
  for (const auto& [id, other] : calls_) {
    const bool gone = purge != purged_.end() && other.began <= purge->second;
    if (!other.is_joinable || other.about != call.about || gone) continue;
    if (asking_ && !asking_->request.max_age) broken("two calls were made for one question: " + call.about);
    is_alone = false;
  }
  call.is_joinable = takes_others && is_alone;
  const bool in_time = asking_ || std::any_of(waiting_.begin(), waiting_.end(), [&](const auto* one) {
                         return !one->over && one->wants == call.about && one->until.at() >= until.at();
                       });
  if (!in_time) broken("a call may go on for longer than anybody waits");
  const auto id = ++last_call_;
  history_.push_back({call.about, now, {}});
  const auto takes = chance(10) ? Duration(seconds(30)) : between(1, 400);
  calls_.emplace(id, std::move(call));
  if (chance(3))
    answer(id);
  else
    push(What::answer, std::min<Duration>(takes, until.at() - now), id);
  return id;
}

Outcome KeptWorld::outcome_of(const Call& call, connector::Connector::CallId id) {
  Outcome outcome;
  outcome.detail = std::to_string(id);
  if (ground_.clock.now() >= call.until.at()) {
    outcome.status = Status::timeout;
    outcome.reason = call.is_refresh ? Reason::connector_timeout : Reason::deadline; // it had all the time there is
  } else if (chance(15)) {
    outcome.status = Status::error;
    outcome.reason = Reason::upstream_failed;
  } else if (chance(10)) {
    outcome.status = Status::not_found;
  } else {
    outcome.data = "{}";
  }
  return outcome;
}

void KeptWorld::answer(connector::Connector::CallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return; // cancelled
  const auto call = std::move(found->second);
  calls_.erase(found);
  history_[id - 1].landed = ground_.clock.now();
  call.done(outcome_of(call, id));
}

// Nobody calls for nobody, and nobody waits for nothing.
void KeptWorld::hold_calls() {
  std::erase_if(waiting_, [](const auto* one) { return one->over; });
  for (const auto* one : waiting_)
    if (std::none_of(calls_.begin(), calls_.end(), [&](const auto& call) { return call.second.about == one->wants; }) &&
        mutant_ != KeptMutant::forgets_whom && mutant_ != KeptMutant::forgets_the_actor)
      return broken("somebody waits, and no call is under way for it");
  for (const auto& each : calls_) {
    const auto& call = each.second;
    if (call.is_refresh) continue;
    const bool wanted =
        std::any_of(waiting_.begin(), waiting_.end(), [&](const auto* one) { return one->wants == call.about; });
    if (!wanted) return broken("a call goes on though nobody waits for it");
  }
}

} // namespace plugboard::context
