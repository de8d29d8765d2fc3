#include "core/context/freshness.hpp"

#include <algorithm>

namespace plugboard::context {

using connector::Outcome;
using connector::Reason;
using connector::Status;

Freshness freshness_of(const KeptAnswer& answer, const KeepingRules& rules, std::optional<Duration> max_age,
                       Instant now) {
  const Duration age = std::max(now - answer.fetched, Duration::zero());
  if (max_age && age > *max_age) return Freshness::too_old;
  if (answer.outcome.status == Status::not_found) return age <= rules.not_found ? Freshness::fresh : Freshness::too_old;
  if (age <= rules.fresh) return Freshness::fresh;
  if (rules.fresh == Duration::zero()) return Freshness::too_old; // it was kept under other rules
  if (age <= rules.fresh + rules.revalidate) return Freshness::revalidate;
  return age <= rules.fresh + rules.if_error ? Freshness::if_error : Freshness::too_old;
}

Duration keeping_time(const Outcome& outcome, const KeepingRules& rules) {
  if (rules.fresh == Duration::zero()) return {};
  if (outcome.status == Status::ok) return rules.longest();
  if (outcome.status == Status::not_found) return rules.not_found;
  return {};
}

bool may_be_stale_for(const Outcome& failure) {
  switch (failure.reason) {
  case Reason::wrong_customer:
  case Reason::egress_denied:
  case Reason::upstream_unauthorized:
  case Reason::plugin_disabled:
  case Reason::plugin_revoked:
    return false;
  default:
    return failure.status == Status::timeout || failure.status == Status::error ||
           failure.status == Status::unavailable || failure.status == Status::invalid;
  }
}

Outcome stale_instead(KeptAnswer answer, const Outcome& failure, Instant now) {
  Outcome outcome = std::move(answer.outcome);
  outcome.status = Status::stale;
  outcome.reason = failure.reason;
  outcome.detail = failure.detail;
  outcome.retry_after = failure.retry_after;
  outcome.took = failure.took;
  outcome.course = failure.course; // of the call that failed
  outcome.course.age = std::max(now - answer.fetched, Duration::zero());
  return outcome;
}

} // namespace plugboard::context
