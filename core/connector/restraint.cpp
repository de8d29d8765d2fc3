#include "core/connector/restraint.hpp"

#include "core/base/insist.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostWards = 1024;
constexpr std::size_t kMostAtOnce = 8; // places given by one call that leaves; the next gives more

std::size_t most_waiting(const LimitRules& rules, std::size_t most) {
  return rules.most_waiting > 0 ? rules.most_waiting : std::max<std::size_t>(64, 4 * most);
}

} // namespace

Restraint::Restraint(const SteadyRules& rules, std::size_t sections, std::size_t most, Random& random)
    : rules_(rules), random_(random), limit_(rules_.limit, most), line_(most_waiting(rules_.limit, most)),
      retries_(rules_.retry.percent), hedges_(rules_.hedge.enabled ? rules_.hedge.percent : 0), places_(limit_.now()) {
  for (std::size_t i = 0; i <= sections; ++i) sections_.emplace_back(rules_);
}

Restraint::Ward& Restraint::ward_of(std::string_view tenant) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(wards_.begin(), wards_.end(), [&](const Ward& ward) { return ward.tenant() == tenant; });
  if (found != wards_.end()) return *found;
  return wards_.size() < kMostWards ? wards_.emplace_back(tenant, rules_.breaker) : wards_.back();
}

bool Restraint::try_take_place() {
  std::size_t running = running_;
  while (running < places_)
    if (running_.compare_exchange_weak(running, running + 1)) return true;
  return false;
}

Restraint::Entry Restraint::enter(Ward& ward, std::string_view actor, const FairLine::Waiter& waiter, Instant now) {
  if (!ward.open_ && waiting_ == 0 && try_take_place()) return {};
  return enter_slowly(ward, actor, waiter, now);
}

Restraint::Entry Restraint::enter_slowly(Ward& ward, std::string_view actor, const FairLine::Waiter& waiter,
                                         Instant now) {
  const std::lock_guard lock(mutex_);
  const auto entry = ward.breaker_.enter(now, random_);
  if (!entry.admitted) return {Way::broken, false, 0, entry.retry_after};
  if (entry.probe) { // one a second: it finds a place even where the others wait
    ++running_;
    return {Way::admitted, true};
  }
  ++waiting_;
  if (line_.size() == 0 && try_take_place()) { // somebody left in between
    --waiting_;
    return {};
  }
  const Duration wait = expected_wait();
  FairLine::Joined joined;
  if (now + wait < waiter.until) joined = line_.join(ward.tenant(), actor, waiter);
  waiting_ = line_.size();
  if (joined.ticket == 0) return {Way::full, false, 0, wait};
  return {Way::waits, false, joined.ticket, {}, joined.given_up};
}

Duration Restraint::expected_wait() const {
  return limit_.lately() * static_cast<Duration::rep>(line_.size()) / static_cast<Duration::rep>(limit_.now());
}

bool Restraint::give_up(std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  const bool waited = line_.leave(ticket);
  waiting_ = line_.size();
  return waited;
}

Breaker::Entry Restraint::knock(Ward& ward, Instant now) {
  if (!ward.open_) return {};
  const std::lock_guard lock(mutex_);
  return ward.breaker_.enter(now, random_);
}

void Restraint::learn(const Ended& call, Duration took, Instant now) {
  Section& section = sections_[call.section];
  bool changed = false;
  if (call.symptom == Symptom::answered) {
    section.learned.answered(took);
    section.usual = section.learned.usual().count();
    section.slow = section.learned.slow().count();
    section.wait = section.learned.wait().value_or(Duration::zero()).count();
    if (call.has_place) changed = limit_.answered(took, running_, now);
  } else if (call.symptom == Symptom::failed && call.has_place && took.count() >= section.slow) {
    changed = limit_.timed_out(running_, now);
  }
  if (changed) places_ = limit_.now();
}

Restraint::Left Restraint::leave(Ward& ward, const Ended& call, Instant now) {
  const Duration took = now - call.started;
  Left left;
  const std::lock_guard lock(mutex_);
  if (!call.extra) {
    retries_.asked();
    hedges_.asked();
  }
  if (call.symptom != Symptom::none) {
    const bool slow = took.count() >= sections_[call.section].slow;
    ward.breaker_.ended({call.symptom, slow, call.probe, call.started}, now, random_);
    const bool open = ward.breaker_.is_open();
    if (ward.open_.exchange(open, std::memory_order_acq_rel) != open) left.breaker = open ? Turn::opened : Turn::closed;
    learn(call, took, now);
  }
  if (call.has_place) --running_;
  give_places(left, now);
  return left;
}

Restraint::Left Restraint::leave_unused(Instant now) {
  Left left;
  const std::lock_guard lock(mutex_);
  --running_;
  give_places(left, now);
  return left;
}

void Restraint::give_places(Left& left, Instant now) {
  if (waiting_ == 0) return;
  insist([&] { left.next.reserve(kMostAtOnce); }); // else a place would be lost, or the call that it is for
  while (waiting_ > 0 && left.next.size() < kMostAtOnce && try_take_place()) {
    const auto next = line_.next(now);
    waiting_ = line_.size();
    if (next)
      left.next.push_back(*next);
    else
      --running_;
  }
}

bool Restraint::may_retry(Ward& ward) {
  const std::lock_guard lock(mutex_);
  return !ward.breaker_.is_open() && retries_.spend();
}

bool Restraint::may_hedge(Ward& ward, std::size_t places) {
  const std::lock_guard lock(mutex_);
  if (places == 0 || ward.breaker_.is_open() || waiting_ > 0 || !try_take_place()) return false;
  if (hedges_.spend()) return true;
  --running_;
  return false;
}

Steadiness Restraint::now(Instant now, const std::vector<std::string>& names) const {
  Steadiness steadiness;
  const std::lock_guard lock(mutex_);
  for (const Ward& ward : wards_) {
    const Breaker& breaker = ward.breaker_;
    const Duration since = breaker.is_open() ? now - breaker.since() : Duration::zero();
    steadiness.breakers.push_back(
        {ward.tenant(), breaker.is_open(), since, breaker.until_probe(now), breaker.opened()});
  }
  steadiness.limit = limit_.now();
  steadiness.most = limit_.most();
  steadiness.running = running_;
  steadiness.waiting = line_.size();
  for (std::size_t i = 0; i < names.size(); ++i) steadiness.hedging.push_back({names[i], usual(i), hedge_wait(i)});
  return steadiness;
}

} // namespace plugboard::connector
