#include "core/connector/examine.hpp"

#include "core/base/assert.hpp"
#include "core/base/text.hpp"
#include "core/connector/echo.hpp"
#include "core/connector/identifier_types.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostValue = 512; // bytes of an identifier's value

// What systems write when they mean nobody. Asking another system with it would find somebody.
bool stands_for_nobody(std::string_view value) {
  constexpr std::array<std::string_view, 4> kNobody{"null", "-1", "anonymous", "undefined"};
  return std::any_of(kNobody.begin(), kNobody.end(), [&](std::string_view nobody) {
    return std::equal(nobody.begin(), nobody.end(), value.begin(), value.end(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
  });
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

std::string take_identifiers(Reply& reply, std::string_view connector, const std::vector<std::string>& declared,
                             std::vector<Identifier>& out) {
  std::vector<Identifier> taken;
  for (Identifier& one : reply.identifiers) {
    one.type = qualified(one.type, connector);
    if (std::find(declared.begin(), declared.end(), one.type) == declared.end())
      return "the plugin gave an identifier of a type that is not declared";
    if (one.value.empty() || one.value.size() > kMostValue || !is_utf8(one.value))
      return "the plugin gave a value for " + one.type + " that is empty, too long or no text";
    one.source = connector;
    if (!stands_for_nobody(one.value)) taken.push_back(std::move(one));
  }
  out = std::move(taken);
  return {};
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
  if (auto fault = take_identifiers(reply, asked.connector, asked.section.yields, outcome.yields); !fault.empty())
    return broken(std::move(fault));
  outcome.data = checked->whole ? std::move(reply.data) : std::move(checked->cut);
  return outcome;
}

} // namespace plugboard::connector
