#include "core/connector/symptom.hpp"

namespace plugboard::connector {

Symptom symptom_of(const Outcome& outcome, Duration took, Duration slow) {
  switch (outcome.reason) {
  case Reason::connector_timeout:
  case Reason::upstream_unauthorized:
  case Reason::upstream_failed:
  case Reason::upstream_malformed:
  case Reason::unreachable:
  case Reason::plugin_failed:
    return Symptom::failed;
  case Reason::deadline:
    return took >= slow ? Symptom::failed : Symptom::none;
  case Reason::none:
  case Reason::upstream_refused:
  case Reason::plugin_protocol:
  case Reason::shape:
  case Reason::too_large:
  case Reason::wrong_customer:
    return Symptom::answered;
  case Reason::upstream_rate_limited: // it is well, and so may the hub's own throttle be
  case Reason::egress_denied:
  case Reason::breaker_open:
  case Reason::plugin_crashed:
  case Reason::plugin_disabled:
  case Reason::plugin_revoked:
  case Reason::overloaded:
  case Reason::starting:
  case Reason::identifier_unknown:
  case Reason::identifier_unverified:
  case Reason::input_missing:
    return Symptom::none;
  }
  return Symptom::none;
}

bool is_passing(const Outcome& outcome) {
  switch (outcome.reason) {
  case Reason::unreachable:
  case Reason::upstream_failed:
    return true;
  case Reason::upstream_rate_limited: // only when it said when to come again
    return outcome.retry_after > Duration::zero();
  default:
    return false;
  }
}

} // namespace plugboard::connector
