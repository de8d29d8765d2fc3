#include "core/connector/outcome.hpp"

#include "core/base/assert.hpp"

namespace plugboard::connector {

std::string_view name_of(Status status) {
  switch (status) {
  case Status::ok:
    return "ok";
  case Status::stale:
    return "stale";
  case Status::not_found:
    return "not_found";
  case Status::timeout:
    return "timeout";
  case Status::error:
    return "error";
  case Status::unavailable:
    return "unavailable";
  case Status::invalid:
    return "invalid";
  case Status::ambiguous:
    return "ambiguous";
  case Status::skipped:
    return "skipped";
  case Status::step_up_required:
    return "step_up_required";
  case Status::denied:
    return "denied";
  }
  PLUGBOARD_ASSERT(!"a status without a name");
}

std::string_view name_of(Reason reason) {
  switch (reason) {
  case Reason::none:
    return "none";
  case Reason::deadline:
    return "deadline";
  case Reason::connector_timeout:
    return "connector_timeout";
  case Reason::upstream_refused:
    return "upstream_refused";
  case Reason::upstream_unauthorized:
    return "upstream_unauthorized";
  case Reason::upstream_rate_limited:
    return "upstream_rate_limited";
  case Reason::upstream_failed:
    return "upstream_failed";
  case Reason::upstream_malformed:
    return "upstream_malformed";
  case Reason::unreachable:
    return "unreachable";
  case Reason::egress_denied:
    return "egress_denied";
  case Reason::plugin_failed:
    return "plugin_failed";
  case Reason::breaker_open:
    return "breaker_open";
  case Reason::plugin_crashed:
    return "plugin_crashed";
  case Reason::plugin_disabled:
    return "plugin_disabled";
  case Reason::plugin_revoked:
    return "plugin_revoked";
  case Reason::overloaded:
    return "overloaded";
  case Reason::starting:
    return "starting";
  case Reason::plugin_protocol:
    return "plugin_protocol";
  case Reason::shape:
    return "shape";
  case Reason::too_large:
    return "too_large";
  case Reason::wrong_customer:
    return "wrong_customer";
  case Reason::identifier_unknown:
    return "identifier_unknown";
  case Reason::identifier_unverified:
    return "identifier_unverified";
  case Reason::input_missing:
    return "input_missing";
  }
  PLUGBOARD_ASSERT(!"a reason without a name");
}

static std::string_view title_of(Status status) {
  switch (status) {
  case Status::ok:
    return "Answered";
  case Status::stale:
    return "An older answer, since a fresh one could not be had";
  case Status::not_found:
    return "The system does not know this customer";
  case Status::timeout:
    return "The system did not answer in time";
  case Status::error:
    return "The system could not be asked";
  case Status::unavailable:
    return "The connector can't be used at the moment";
  case Status::invalid:
    return "The answer could not be used";
  case Status::ambiguous:
    return "The system knows several who could be this customer";
  case Status::skipped:
    return "Not asked";
  case Status::step_up_required:
    return "The customer must prove more of who they are";
  case Status::denied:
    return "Not for this client and purpose, or no such section";
  }
  PLUGBOARD_ASSERT(!"a status without a title");
}

std::string_view title_of(Status status, Reason reason) {
  switch (reason) {
  case Reason::none:
    return title_of(status);
  case Reason::deadline:
    return "No answer before the request's deadline";
  case Reason::connector_timeout:
    return "No answer within this connector's time limit";
  case Reason::upstream_refused:
    return "The system refused the question";
  case Reason::upstream_unauthorized:
    return "The system refused the hub's credentials";
  case Reason::upstream_rate_limited:
    return "The system is asked too often";
  case Reason::upstream_failed:
    return "The system failed";
  case Reason::upstream_malformed:
    return "The system's answer is not what it must be";
  case Reason::unreachable:
    return "The system can't be reached";
  case Reason::egress_denied:
    return "The hub does not let this connector reach that address";
  case Reason::plugin_failed:
    return "The plugin failed";
  case Reason::breaker_open:
    return "The system failed so often that it is left alone for a while";
  case Reason::plugin_crashed:
    return "The plugin crashed";
  case Reason::plugin_disabled:
    return "The connector is switched off or being stopped";
  case Reason::plugin_revoked:
    return "The plugin was revoked";
  case Reason::overloaded:
    return "Too many calls at once";
  case Reason::starting:
    return "The connector is still starting";
  case Reason::plugin_protocol:
    return "The plugin broke the rules between plugin and hub";
  case Reason::shape:
    return "The answer does not follow the section's shape";
  case Reason::too_large:
    return "The answer is too large";
  case Reason::wrong_customer:
    return "The answer is about another customer";
  case Reason::identifier_unknown:
    return "An identifier that the section needs is not known";
  case Reason::identifier_unverified:
    return "An identifier that the section needs is not verified";
  case Reason::input_missing:
    return "A section that it is computed from has not come";
  }
  PLUGBOARD_ASSERT(!"a reason without a title");
}

} // namespace plugboard::connector
