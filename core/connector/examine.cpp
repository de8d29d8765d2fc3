#include "core/connector/examine.hpp"

#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "core/connector/echo.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/json/account_numbers.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostValue = 512; // bytes of an identifier's value

// One more value of a type that is there already: the same one said twice, or another, which leaves none.
void add_value(Identifier one, const IdentifierRules& rules, TakenIdentifiers& taken) {
  auto& several = taken.refused.several;
  const auto same_type = [&](const Identifier& other) { return other.type == one.type; };
  const auto there = std::find_if(taken.identifiers.begin(), taken.identifiers.end(), same_type);
  const bool was_several = std::find(several.begin(), several.end(), one.type) != several.end();
  if (there == taken.identifiers.end()) {
    if (!was_several) taken.identifiers.push_back(std::move(one));
    return;
  }
  if (rules.compared(one.type, there->value) == rules.compared(one.type, one.value)) {
    there->verified = there->verified || one.verified;
    return;
  }
  several.push_back(one.type);
  taken.identifiers.erase(there);
}

Outcome broken(std::string detail) {
  return failed(Status::invalid, Reason::plugin_protocol, std::move(detail));
}

// JSON that can't be relied on: the plugin's fault, unless it said that it never read it.
Outcome unreadable(const Reply& reply, std::string detail) {
  if (reply.verbatim) return failed(Status::error, Reason::upstream_malformed, std::move(detail));
  return broken(std::move(detail));
}

Outcome outcome_of(Verdict verdict) {
  switch (verdict) {
  case Verdict::crashed:
    return failed(Status::unavailable, Reason::plugin_crashed);
  case Verdict::starting:
    return failed(Status::unavailable, Reason::starting);
  case Verdict::breaker_open:
    return failed(Status::unavailable, Reason::breaker_open);
  case Verdict::broke_protocol:
    return broken("the plugin broke the rules between worker and hub");
  }
  PLUGBOARD_ASSERT(!"a verdict without an outcome");
}

} // namespace

Outcome failed(Status status, Reason reason, std::string detail) {
  Outcome outcome;
  outcome.status = status;
  outcome.reason = reason;
  outcome.detail = std::move(detail);
  return outcome;
}

Outcome outcome_of(const Reply& reply, bool is_lookup) {
  if (reply.verdict) return outcome_of(*reply.verdict);
  if (!reply.garbage.empty()) return broken("the plugin's reply could not be read");
  if (reply.too_large) return failed(Status::invalid, Reason::too_large, "the answer is over the connector's limit");
  switch (reply.status) {
  case PLUGBOARD_OK:
    return failed(Status::ok, Reason::none);
  case PLUGBOARD_NOT_FOUND:
    return failed(Status::not_found, Reason::none);
  case PLUGBOARD_AMBIGUOUS:
    return failed(Status::ambiguous, Reason::none);
  case PLUGBOARD_CONTINUE:
    if (!is_lookup) return failed(Status::ok, Reason::none);
    return broken("the plugin asked for one more step where nobody authenticates");
  case PLUGBOARD_REJECTED:
    if (!is_lookup) return failed(Status::error, Reason::upstream_unauthorized);
    return broken("the plugin rejected a credential where none was given");
  case PLUGBOARD_TIMEOUT:
  case PLUGBOARD_CANCELLED:
    return failed(Status::timeout, Reason::connector_timeout);
  case PLUGBOARD_UPSTREAM_REFUSED:
    return failed(Status::error, Reason::upstream_refused);
  case PLUGBOARD_UPSTREAM_UNAUTHORIZED:
    return failed(Status::error, Reason::upstream_unauthorized);
  case PLUGBOARD_UPSTREAM_RATE_LIMITED:
    return failed(Status::error, Reason::upstream_rate_limited);
  case PLUGBOARD_UPSTREAM_FAILED:
    return failed(Status::error, Reason::upstream_failed);
  case PLUGBOARD_UPSTREAM_MALFORMED:
    return failed(Status::error, Reason::upstream_malformed);
  case PLUGBOARD_UNREACHABLE:
    return failed(Status::error, Reason::unreachable);
  case PLUGBOARD_EGRESS_DENIED:
    return failed(Status::error, Reason::egress_denied);
  case PLUGBOARD_TOO_LARGE:
    return failed(Status::invalid, Reason::too_large, "the system's answer is over the limit");
  case PLUGBOARD_BUSY:
    return failed(Status::unavailable, Reason::overloaded);
  case PLUGBOARD_FAILED:
  case PLUGBOARD_INTERNAL:
  case PLUGBOARD_UNSUPPORTED:
    return failed(Status::error, Reason::plugin_failed);
  case PLUGBOARD_ABANDONED:
    return broken("the plugin dropped the call without an answer");
  default:
    return broken("the plugin answered with a status that does not exist");
  }
}

Rejected broken_answer(std::string detail) {
  return {false, broken(std::move(detail)), std::nullopt};
}

std::optional<Rejected> refusal_of(const Reply& reply) {
  Outcome outcome = outcome_of(reply, false);
  if (outcome.status == Status::ok) return std::nullopt;
  outcome.retry_after = reply.retry_after;
  const bool readable = reply.garbage.empty() && !reply.too_large && !reply.verdict;
  const bool rejects = reply.status == PLUGBOARD_REJECTED || reply.status == PLUGBOARD_NOT_FOUND;
  return Rejected{readable && rejects, std::move(outcome), std::nullopt};
}

TakenIdentifiers take_identifiers(Reply& reply, std::string_view connector, const std::vector<std::string>& declared,
                                  const IdentifierRules& rules) {
  TakenIdentifiers taken;
  const auto broke = [](std::string how) {
    TakenIdentifiers none;
    none.fault = std::move(how);
    return none;
  };
  for (Identifier& one : reply.identifiers) {
    one.type = qualified(one.type, connector);
    if (std::find(declared.begin(), declared.end(), one.type) == declared.end())
      return broke("the plugin gave an identifier of a type that is not declared");
    if (one.value.size() > kMostValue || !is_utf8(one.value))
      return broke("the plugin gave a value for " + one.type + " that is too long or no text");
    auto value = rules.taken(one.type, one.value);
    if (!value) {
      ++(value.error() == Unfit::nobody ? taken.refused.nobody : taken.refused.malformed);
      continue;
    }
    one.value = std::move(*value);
    one.source = connector;
    add_value(std::move(one), rules, taken);
  }
  return taken;
}

Outcome examine_lookup(Reply reply, const Asked& asked, json::Reader& reader, std::string& why) {
  why = reply.garbage;
  Outcome outcome = outcome_of(reply, true);
  outcome.retry_after = reply.retry_after;
  if (outcome.status != Status::ok) return outcome;

  const auto value = reader.read(reply.data);
  if (!value) {
    why = value.error().message;
    if (value.error().code == Code::too_large)
      return failed(Status::invalid, Reason::too_large, "the answer is over the limits of JSON");
    return unreadable(reply, "the answer is not strict JSON");
  }
  if (!value->is_object()) return unreadable(reply, "the answer is not a JSON object");
  auto checked = asked.shape.check(*value);
  if (!checked) {
    why = checked.error().message;
    return failed(Status::invalid, Reason::shape, checked.error().message);
  }
  if (auto wrong = find_wrong_customer(*value, asked.section.echo, asked.identifiers))
    return failed(Status::invalid, Reason::wrong_customer, *wrong + " is not the customer that was asked about");
  auto taken = take_identifiers(reply, asked.connector, asked.section.yields, asked.rules);
  if (!taken.fault.empty()) return broken(std::move(taken.fault));
  outcome.yields = std::move(taken.identifiers);
  outcome.refused = std::move(taken.refused);
  outcome.is_clean = !json::holds_account_number(*value, reply.data);
  outcome.data = checked->whole ? std::move(reply.data) : std::move(checked->cut);
  return outcome;
}

} // namespace plugboard::connector
