// How a section ended, in the contract's closed words. Made by connector/ for calls,
// by context/ for what was never called. Values.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/identifier.hpp"
#include "core/connector/course.hpp"
#include "core/connector/section_bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

enum class Status : std::uint8_t {
  ok = 1,
  stale,
  not_found,
  timeout,
  error,
  unavailable,
  invalid,
  ambiguous,
  skipped,
  step_up_required,
  denied,
};

enum class Reason : std::uint8_t {
  none = 1, // ok, not_found, ambiguous, denied
  deadline,
  connector_timeout,
  upstream_refused,
  upstream_unauthorized,
  upstream_rate_limited,
  upstream_failed,
  upstream_malformed,
  unreachable,
  egress_denied,
  plugin_failed,
  breaker_open,
  plugin_crashed,
  plugin_disabled,
  plugin_revoked,
  overloaded,
  starting,
  plugin_protocol,
  shape,
  too_large,
  wrong_customer,
  identifier_unknown,
  identifier_unverified,
  input_missing,
};

std::string_view name_of(Status status);
std::string_view name_of(Reason reason);
std::string_view title_of(Status status, Reason reason); // one short sentence for people

constexpr bool has_data(Status status) {
  return status == Status::ok || status == Status::stale;
}

// Values that came as identifiers and were not taken, for who counts them.
struct RefusedIdentifiers {
  std::vector<std::string> several; // types of which one answer named several values: nobody knows which is meant
  std::uint32_t nobody = 0, malformed = 0;
};

struct Outcome {
  Status status = Status::ok;
  Reason reason = Reason::none;
  std::string detail;             // for the caller: which identifier, which member; never a value or payload
  SectionBytes data;              // ok: a JSON object that was read strictly and follows its shape
  bool is_clean = false;          // ok: it was looked through, and holds no account number (base/account_numbers.hpp)
  std::vector<Identifier> yields; // ok: declared types only, one value each
  RefusedIdentifiers refused;     // ok: what else came as one
  Duration retry_after{};         // 0: unknown
  WallTime fetched_at{};          // ok
  Duration took{};                // from start to answer
  Course course{};
};

} // namespace plugboard::connector
