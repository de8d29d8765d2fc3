#include "core/context/answers.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/context/answers_shard.hpp"
#include "core/context/keyed_hash.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace plugboard::context {

using connector::Outcome;
using connector::Reason;
using connector::Status;

namespace {

constexpr std::size_t kMostShards = 16, kShardBytes = std::size_t{4} << 20; // a large answer has room in a shard

std::size_t shards_for(std::size_t most_bytes) {
  std::size_t shards = 1;
  while (shards < kMostShards && most_bytes / (shards * 2) >= kShardBytes) shards *= 2;
  return shards;
}

void tell_later(const Waiting& who, const Outcome& outcome) {
  insist([&] {
    boost::asio::post(who.home->io, [asker = who.asker, section = who.section, outcome]() mutable {
      asker->answered(section, std::move(outcome));
    });
  });
}

// Each is told on its own thread: those of this one here and now. When memory ends, the others hear of that later.
class Telling {
 public:
  Telling() = default;
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  ~Telling() {
    if (next_ == whom.size()) return;
    Outcome lost;
    lost.status = Status::unavailable;
    lost.reason = Reason::overloaded;
    while (next_ < whom.size()) tell_later(whom[next_++], lost);
  }

  void tell(Outcome outcome, const connector::Home* here) {
    while (next_ < whom.size()) {
      const auto& who = whom[next_];
      const bool is_last = next_ + 1 == whom.size();
      Outcome own = is_last ? std::move(outcome) : outcome;
      if (!who.is_leader) own.course.by = connector::AnsweredBy::shared_call;
      if (who.home != here) {
        tell_later(who, own);
        ++next_;
      } else {
        ++next_;
        who.asker->answered(who.section, std::move(own));
      }
    }
  }

  std::vector<Waiting> whom;

 private:
  std::size_t next_ = 0;
};

// It ended because its first asker had no more time, which says nothing about the system.
bool ran_out_of_time(const Flight& flight, const Outcome& outcome, Instant now) {
  if (outcome.status != Status::timeout) return false;
  return outcome.reason == Reason::deadline || (now - flight.began) >= (flight.until.at() - flight.began) / 10 * 9;
}

// Those who have more time than the call had go on together with one new call, made for the one who has most.
bool hand_over(Flight& flight, const Outcome& outcome, Instant now, std::vector<Waiting>& told) {
  if (flight.is_refresh || !ran_out_of_time(flight, outcome, now)) return false;
  const auto has_no_more = [&](const Waiting& who) { return who.until.at() <= flight.until.at(); };
  if (std::all_of(flight.waiting.begin(), flight.waiting.end(), has_no_more)) return false;
  insist([&] { told.reserve(flight.waiting.size()); });
  for (auto& who : flight.waiting) {
    who.is_leader = who.is_leader && has_no_more(who);
    if (has_no_more(who)) told.push_back(std::move(who));
  }
  std::erase_if(flight.waiting, [](const Waiting& who) { return !who.asker; });
  const auto longest = std::max_element(flight.waiting.begin(), flight.waiting.end(),
                                        [](const Waiting& a, const Waiting& b) { return a.until.at() < b.until.at(); });
  longest->is_leader = true;
  flight.home = longest->home;
  flight.until = longest->until;
  flight.began = now;
  return true;
}

connector::LookupRequest lookup_of(const Flight& flight, const Asker& asker) {
  const auto asked = flight.key.question();
  return {
      asker.caller(), asked.section, {asked.identifiers.begin(), asked.identifiers.end()}, std::string(asked.params)};
}

} // namespace

connector::CallerPtr caller_of(const Request& request) {
  return std::make_shared<const connector::Caller>(connector::Caller{
      request.tenant, request.purpose, request.actor, request.language, request.context_id, request.trace});
}

Answers::Answers(std::size_t most_bytes, Random& random, Metrics& metrics)
    : seed_(random.next()), most_bytes_(most_bytes), metrics_(metrics),
      evictions_(metrics.counter("plugboard_cache_evictions_total", "Kept answers that made room for others")),
      bytes_(metrics.gauge("plugboard_cache_bytes", "What kept answers take, with all that belongs to them")),
      entries_(metrics.gauge("plugboard_cache_entries", "Answers kept")) {
  const auto shards = shards_for(most_bytes);
  for (std::size_t i = 0; i < shards; ++i) shards_.push_back(std::make_unique<Shard>(most_bytes / shards));
}

Answers::~Answers() = default;

AnswerSourcePtr Answers::source(SourceSpec spec) {
  return std::make_shared<const AnswerSource>(std::move(spec), seed_, metrics_);
}

CustomerMark Answers::mark(std::string_view tenant, std::string_view customer) const {
  return KeyedHash(seed_).add(tenant).add(customer).value();
}

Answers::Shard& Answers::shard_of(std::uint64_t hash) const {
  return *shards_[(hash >> 48) & (shards_.size() - 1)];
}

Answers::Found Answers::ask(const Question& question, const std::shared_ptr<connector::Connector>& connector,
                            Waiting who, std::optional<Duration> max_age) {
  const auto& rules = question.source->rules[question.section];
  const bool keeps = rules.fresh > Duration::zero(), takes_others = !max_age || *max_age > Duration::zero();
  Found found;
  if (!keeps && !takes_others) return found;
  const auto hash = hash_of(question, seed_);
  const auto& asker = *who.asker; // alive: it is asking
  auto& shard = shard_of(hash);
  FlightPtr made;
  {
    const std::lock_guard lock(shard.mutex);
    const Instant now = who.home->clock.now();
    bool refresh = false;
    if (keeps && takes_others) found = look_up(shard, hash, question, who, max_age, refresh);
    if (found.outcome && !refresh) return found;
    const bool is_open = shard.flights.contains(hash);
    if (found.outcome && is_open) return found; // it is being asked for anew already
    if (takes_others && is_open) found.flight = join(shard, hash, question, who, max_age);
    if (found.flight) return found;
    made = std::make_shared<Flight>(question, hash, connector);
    made->home = who.home;
    made->began = now;
    made->is_kept = keeps;
    made->is_refresh = found.outcome.has_value();
    made->until = made->is_refresh ? Deadline::after(now, connector->settings().timeout) : who.until;
    made->customers.push_back(who.customer);
    who.is_leader = true;
    if (!made->is_refresh) made->waiting.push_back(std::move(who));
    if (takes_others && !is_open) shard.enter_table(made);
    shard.open(*made);
  }
  if (keeps && !found.outcome) question.source->misses.add();
  if (!found.outcome) found.flight = made;
  launch(made, asker);
  return found;
}

Answers::Found Answers::look_up(Shard& shard, std::uint64_t hash, const Question& question, const Waiting& who,
                                std::optional<Duration> max_age, bool& refresh) {
  Found found;
  const auto* kept = shard.kept.find(hash, question, who.customer);
  if (!kept) return found;
  const auto& rules = question.source->rules[question.section];
  const Instant now = who.home->clock.now();
  const auto freshness = freshness_of(*kept, rules, max_age, now);
  if (freshness == Freshness::fresh || freshness == Freshness::revalidate) {
    refresh = freshness == Freshness::revalidate;
    found.outcome = kept->outcome;
    found.outcome->course = {.by = connector::AnsweredBy::cache,
                             .age = std::max(now - kept->fetched, Duration::zero())};
    question.source->hits.add();
  } else if (freshness == Freshness::if_error) {
    found.fallback = *kept;
    found.fallback_until = kept->fetched + rules.fresh + rules.if_error;
    if (max_age) found.fallback_until = std::min(found.fallback_until, kept->fetched + *max_age);
  }
  return found;
}

FlightPtr Answers::join(Shard& shard, std::uint64_t hash, const Question& question, const Waiting& who,
                        std::optional<Duration> max_age) {
  auto flight = shard.flights.find(hash)->second;
  if (!flight->key.is_of(question) || (max_age && who.home->clock.now() - flight->began > *max_age)) return nullptr;
  flight->waiting.push_back(who);
  auto& customers = flight->customers;
  if (customers.size() <= KeptAnswers::kMostCustomers &&
      std::find(customers.begin(), customers.end(), who.customer) == customers.end())
    customers.push_back(who.customer);
  question.source->shared.add();
  return flight;
}

void Answers::launch(const FlightPtr& flight, const Asker& asker) {
  OnExit lost([&] { fail(flight); });
  const unsigned landings = flight->landings;
  const auto call = flight->connector->lookup(lookup_of(*flight, asker), flight->until, *flight->home,
                                              [this, flight](Outcome outcome) { landed(flight, std::move(outcome)); });
  lost.dismiss();
  if (flight->landings == landings) flight->call = call; // else it was answered before lookup returned
}

void Answers::landed(const FlightPtr& flight, Outcome outcome) {
  auto& shard = shard_of(flight->hash);
  Telling telling;
  connector::Home* here = nullptr;
  bool goes_on = false;
  Waiting next;
  flight->call = 0;
  ++flight->landings;
  {
    const std::lock_guard lock(shard.mutex);
    if (flight->is_over) return; // nobody waits any more
    here = flight->home;
    const Instant now = here->clock.now();
    goes_on = hand_over(*flight, outcome, now, telling.whom);
    if (goes_on) {
      next = *std::find_if(flight->waiting.begin(), flight->waiting.end(), [](auto& who) { return who.is_leader; });
    } else {
      shard.close(*flight);
      telling.whom.swap(flight->waiting);
      if (flight->is_kept || telling.whom.size() > 1) outcome.data.share();
      if (flight->is_kept) keep(shard, *flight, outcome, now);
    }
  }
  if (goes_on)
    insist([&] {
      boost::asio::post(next.home->io, [this, flight, asker = next.asker] {
        {
          const std::lock_guard lock(shard_of(flight->hash).mutex);
          if (flight->is_over) return; // nor does anybody for the new call
        }
        launch(flight, *asker);
      });
    });
  telling.tell(std::move(outcome), here);
}

// What the system said last counts: where it knows several or nobody, what it said before goes.
void Answers::keep(Shard& shard, Flight& flight, const Outcome& outcome, Instant now) {
  const auto& source = flight.key.source();
  const auto question = flight.key.question();
  const auto time = keeping_time(outcome, source.rules[question.section]);
  if (source.is_retired) return;
  if (time > Duration::zero()) {
    KeptAnswer answer{outcome, flight.began, now, now + time};
    shard.kept.keep(flight.hash, flight.key, std::move(answer), flight.customers);
  } else if (outcome.status == Status::ok || outcome.status == Status::not_found ||
             outcome.status == Status::ambiguous) {
    shard.kept.drop(flight.hash, question);
  }
  note(shard);
}

void Answers::note(Shard& shard) {
  const auto change = [](auto now, auto& told) {
    const double by = static_cast<double>(now) - static_cast<double>(told);
    told = now;
    return by;
  };
  bytes_.add(change(shard.kept.bytes(), shard.told_bytes));
  entries_.add(change(shard.kept.entries(), shard.told_entries));
  if (const double more = change(shard.kept.evictions(), shard.told_evictions); more > 0) evictions_.add(more);
}

// Memory ended while its call was being made. Whoever waits beside the one whose thread that was must hear of it.
void Answers::fail(const FlightPtr& flight) {
  Telling telling; // tells those whom nobody else told, once the lock is gone
  auto& shard = shard_of(flight->hash);
  const std::lock_guard lock(shard.mutex);
  if (flight->is_over) return;
  shard.close(*flight);
  telling.whom.swap(flight->waiting);
}

void Answers::leave(const FlightPtr& flight, const Asker& asker, std::size_t section) {
  const connector::Home* here = nullptr;
  connector::Home* home = nullptr;
  {
    auto& shard = shard_of(flight->hash);
    const std::lock_guard lock(shard.mutex);
    auto& waiting = flight->waiting;
    const auto it = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& who) {
      return who.asker.get() == &asker && who.section == section;
    });
    if (it == waiting.end()) return; // its answer is on the way already
    here = it->home;
    home = flight->home;
    const auto held = std::move(it->asker); // whoever leaves is alive
    waiting.erase(it);
    if (!waiting.empty() || flight->is_refresh || flight->is_over) return;
    shard.close(*flight);
  }
  const auto cancel = [flight] {
    if (const auto call = std::exchange(flight->call, 0)) flight->connector->cancel(call);
  };
  if (home == here)
    cancel();
  else
    insist([&] { boost::asio::post(home->io, cancel); });
}

} // namespace plugboard::context
