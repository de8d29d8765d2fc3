#include "core/context/gather.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace plugboard::context {

using connector::has_data;
using connector::Outcome;
using connector::Reason;
using connector::Status;

Gather::Gather(std::shared_ptr<const Catalog> catalog, Plan plan, std::vector<Identifier> known, Instant closes_at)
    : catalog_(std::move(catalog)), can_start_(std::move(plan.can_start)), facts_(catalog_->types().size()),
      closes_at_(closes_at) {
  entries_.reserve(plan.sections.size());
  for (std::size_t i = 0; i < plan.sections.size(); ++i) entries_.push_back({plan.sections[i], plan.asked[i]});
  for (auto& identifier : known) {
    auto type = catalog_->type(identifier.type);
    if (!type) continue; // no section of this hub asks for it
    auto& fact = facts_[*type];
    if (!fact.value || (identifier.verified && !fact.value->verified)) fact.value = std::move(identifier);
    // An unverified word of the session's may still be verified by a system; a verified one is the last word.
    fact.closed = fact.value->verified;
  }
}

void Gather::begin(Instant now, std::vector<Action>& actions) {
  began_ = now;
  if (now >= closes_at_) return finish(now, actions); // nobody is asked what could not be waited for
  for (TypeId type = 0; type < facts_.size(); ++type) learn(type);
  advance(now, actions);
  if (!finished_) actions.push_back({Action::Kind::arm, 0, {}, closes_at_});
}

void Gather::arrived(std::size_t section, Outcome outcome, Instant now, std::vector<Action>& actions) {
  auto* entry = entry_of(section);
  if (finished_ || !entry || entry->phase != Phase::running) return; // late: its request has gone on without it
  --running_;
  entry->phase = Phase::settled;
  entry->outcome = std::move(outcome);
  entry->outcome.took = now - entry->started;
  date_like_inputs(*entry);
  for (auto type : catalog_->sections()[section].yields) learn(type);
  if (now >= closes_at_) return finish(now, actions); // before our timer, but not before the deadline
  advance(now, actions);
}

void Gather::timer(Instant now, std::vector<Action>& actions) {
  if (finished_) return;
  if (now >= closes_at_) return finish(now, actions);
  actions.push_back({Action::Kind::arm, 0, {}, closes_at_}); // it fired early
}

void Gather::cancelled(Instant now, std::vector<Action>& actions) {
  if (!finished_) finish(now, actions);
}

std::vector<SectionResult> Gather::take_results() {
  PLUGBOARD_ASSERT(finished_);
  std::vector<SectionResult> results;
  results.reserve(entries_.size());
  for (auto& entry : entries_)
    results.push_back({entry.section, entry.asked, entry.called, std::move(entry.outcome),
                       entry.called ? entry.started - began_ : Duration::zero()});
  return results;
}

// Starts what can start, skips what never will, and breaks a standstill, until nothing moves.
void Gather::advance(Instant now, std::vector<Action>& actions) {
  while (!finished_) {
    if (all_asked_settled()) return finish(now, actions);
    if (start_what_can(now, actions)) continue;
    if (running_ > 0 || !break_standstill()) return;
  }
}

bool Gather::start_what_can(Instant now, std::vector<Action>& actions) {
  bool skipped = false;
  for (auto& entry : entries_) {
    if (entry.phase != Phase::waiting) continue;
    auto prospect = prospect_of(entry);
    switch (prospect.readiness) {
    case Readiness::waits:
      break;
    case Readiness::ready:
      entry.phase = Phase::running;
      entry.called = true;
      entry.started = now;
      ++running_;
      actions.push_back({Action::Kind::start, entry.section, identifiers_for(entry), {}, inputs_for(entry)});
      break;
    case Readiness::hopeless:
      settle(entry, Status::skipped, prospect.reason, std::move(prospect.lacking), now);
      skipped = true; // others may have waited for it, or for what it would have yielded
      break;
    }
  }
  return skipped;
}

// Nothing runs and somebody still waits: for the word of a section that itself waits for somebody else's word. The
// order of declaration yields then, type by type: what a later declared section said counts.
bool Gather::break_standstill() {
  for (TypeId type = 0; type < facts_.size(); ++type) {
    if (facts_[type].closed || facts_[type].value) continue;
    for (auto yielder : catalog_->yielders(type)) {
      auto* entry = entry_of(yielder);
      if (!entry || entry->phase != Phase::settled) continue;
      for (const auto& yield : entry->outcome.yields)
        if (yield.type == catalog_->types()[type]) {
          facts_[type] = {yield, true};
          return true;
        }
    }
  }
  for (TypeId type = 0; type < facts_.size(); ++type)
    if (!facts_[type].closed) {
      facts_[type].closed = true; // nobody will say more: those that need it are skipped, and say so
      return true;
    }
  return false;
}

Gather::Prospect Gather::prospect_of(const Entry& entry) const {
  auto prospect = by_needs(entry);
  if (prospect.readiness == Readiness::hopeless) return prospect;
  auto inputs = by_inputs(entry);
  // Where it never can have its identifiers, its inputs were not asked for: it is those that it lacks, once that is
  // known.
  if (prospect.readiness == Readiness::waits && inputs.lacking.empty()) return prospect;
  return inputs.readiness == Readiness::ready ? prospect : inputs;
}

Gather::Prospect Gather::by_needs(const Entry& entry) const {
  Prospect prospect;
  for (const auto& group : catalog_->sections()[entry.section].needs) {
    bool met = false, may_come = false, have_unverified = false;
    for (const auto& need : group) {
      const auto& fact = facts_[need.type];
      bool usable = fact.value && (fact.value->verified || !need.verified);
      // An unverified value that a system may still verify, or replace, is usable where unverified will do.
      met = met || usable;
      may_come = may_come || !fact.closed;
      have_unverified = have_unverified || (fact.value && !usable);
    }
    if (met) continue;
    if (may_come) {
      prospect.readiness = Readiness::waits;
      continue;
    }
    prospect = {Readiness::hopeless, have_unverified ? Reason::identifier_unverified : Reason::identifier_unknown, {}};
    for (const auto& need : group)
      prospect.lacking += (prospect.lacking.empty() ? "" : " or ") + catalog_->types()[need.type];
    return prospect;
  }
  return prospect;
}

// What it lacks is told by the plugin's own names: whoever asked need not be one who may know of those sections.
Gather::Prospect Gather::by_inputs(const Entry& entry) const {
  Prospect prospect;
  std::string lacking;
  bool is_hopeless = false;
  for (const auto& input : catalog_->sections()[entry.section].inputs) {
    const auto* from = entry_of(input.section);
    if (from && from->phase != Phase::settled) prospect.readiness = Readiness::waits;
    if (input.optional || (from && (from->phase != Phase::settled || has_data(from->outcome.status)))) continue;
    is_hopeless = true;
    if (from || !can_start_[input.section]) lacking += (lacking.empty() ? "" : ", ") + input.name;
  }
  if (is_hopeless) return {Readiness::hopeless, Reason::input_missing, std::move(lacking)};
  return prospect;
}

// All have their outcome; the bytes are shared with the answers that they are of.
std::vector<connector::Input> Gather::inputs_for(const Entry& entry) {
  std::vector<connector::Input> inputs;
  for (const auto& input : catalog_->sections()[entry.section].inputs) {
    auto* from = entry_of(input.section);
    if (!from || !has_data(from->outcome.status)) continue;
    from->outcome.data.share();
    inputs.push_back({input.name, from->outcome.data, from->outcome.course.age, from->outcome.status == Status::stale});
  }
  return inputs;
}

// What was computed is as old as the oldest of what it was computed from, and as stale.
void Gather::date_like_inputs(Entry& entry) const {
  auto& outcome = entry.outcome;
  if (!has_data(outcome.status)) return;
  for (const auto& input : catalog_->sections()[entry.section].inputs) {
    const auto* from = entry_of(input.section);
    if (!from || !has_data(from->outcome.status)) continue;
    outcome.fetched_at = std::min(outcome.fetched_at, from->outcome.fetched_at);
    outcome.course.age = std::max(outcome.course.age, from->outcome.course.age);
    if (from->outcome.status != Status::stale || outcome.status == Status::stale) continue;
    outcome.status = Status::stale;
    outcome.reason = from->outcome.reason;
  }
}

std::vector<Identifier> Gather::identifiers_for(const Entry& entry) const {
  std::vector<Identifier> identifiers;
  for (const auto& group : catalog_->sections()[entry.section].needs)
    for (const auto& need : group) {
      const auto& fact = facts_[need.type];
      if (!fact.value || (need.verified && !fact.value->verified)) continue;
      bool there = std::any_of(identifiers.begin(), identifiers.end(),
                               [&](const auto& identifier) { return identifier.type == fact.value->type; });
      if (there) continue;
      if (identifiers.empty()) identifiers.reserve(1); // as most need
      identifiers.push_back(*fact.value);
    }
  return identifiers;
}

// What the sections that yield this type have said so far, in declared order.
void Gather::learn(TypeId type) {
  auto& fact = facts_[type];
  if (fact.closed) return;
  for (auto yielder : catalog_->yielders(type)) {
    auto* entry = entry_of(yielder);
    if (!entry) continue;                       // not part of this request
    if (entry->phase != Phase::settled) return; // its word comes first: wait for it
    for (const auto& yield : entry->outcome.yields) {
      if (yield.type != catalog_->types()[type]) continue;
      // The session's word stays; a system that says the same and knows it verified makes it so.
      if (!fact.value)
        fact.value = yield;
      else if (catalog_->same(type, fact.value->value, yield.value) && yield.verified)
        fact.value = yield;
      if (fact.value->verified || fact.value->source == yield.source) {
        fact.closed = true;
        return;
      }
    }
  }
  fact.closed = true;
}

void Gather::settle(Entry& entry, Status status, Reason reason, std::string detail, Instant now) {
  if (entry.phase == Phase::running) {
    --running_;
    entry.outcome.took = now - entry.started;
  }
  entry.phase = Phase::settled;
  entry.outcome.status = status;
  entry.outcome.reason = reason;
  entry.outcome.detail = std::move(detail);
  for (auto type : catalog_->sections()[entry.section].yields) learn(type);
}

// At the deadline, or once all that was asked for is there: what ran only for what it yields is no longer awaited then.
void Gather::finish(Instant now, std::vector<Action>& actions) {
  for (auto& entry : entries_) {
    if (entry.phase == Phase::running) actions.push_back({Action::Kind::cancel, entry.section});
    if (entry.phase != Phase::settled) settle(entry, Status::timeout, Reason::deadline, {}, now);
  }
  note_conflicts();
  finished_ = true;
  actions.push_back({Action::Kind::finish});
}

void Gather::note_conflicts() {
  for (const auto& entry : entries_) {
    for (const auto& yield : entry.outcome.yields) {
      auto type = catalog_->type(yield.type);
      if (!type || !facts_[*type].value || catalog_->same(*type, facts_[*type].value->value, yield.value)) continue;
      conflicts_.push_back({yield.type, facts_[*type].value->source, yield.source});
    }
    const auto& name = catalog_->sections()[entry.section].name;
    for (const auto& type : entry.outcome.refused.several)
      conflicts_.push_back({type, {}, name.substr(0, name.find('.'))});
  }
}

const Gather::Entry* Gather::entry_of(std::size_t section) const {
  auto at = std::lower_bound(entries_.begin(), entries_.end(), section,
                             [](const Entry& entry, std::size_t wanted) { return entry.section < wanted; });
  return at != entries_.end() && at->section == section ? &*at : nullptr;
}

Gather::Entry* Gather::entry_of(std::size_t section) {
  return const_cast<Entry*>(static_cast<const Gather*>(this)->entry_of(section));
}

bool Gather::running(std::size_t section) const {
  const auto* entry = entry_of(section);
  return entry && entry->phase == Phase::running;
}

bool Gather::all_asked_settled() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return !entry.asked || entry.phase == Phase::settled; });
}

} // namespace plugboard::context
