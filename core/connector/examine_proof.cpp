#include "core/connector/examine.hpp"
#include "core/json/fields.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostName = 512; // bytes of an issuer or a subject
constexpr std::size_t kMostMethods = 16;
constexpr std::size_t kMostMethod = 64;

Rejected refuse(Outcome outcome) {
  return {false, std::move(outcome)};
}

Rejected broken(std::string detail) {
  return refuse(failed(Status::invalid, Reason::plugin_protocol, std::move(detail)));
}

bool is_assurance(std::string_view text) { // what a plugin may prove; "asserted" is a client's word, never a proof
  constexpr std::array<std::string_view, 3> kLevels{"aal1", "aal2", "aal3"};
  return std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
}

void read_methods(json::Fields& fields, std::vector<std::string>& methods) {
  const json::Value list = fields.array("methods");
  if (list.size() > kMostMethods) fields.refuse("methods", "has too many elements");
  list.each_element([&](json::Value element) {
    const auto method = element.string();
    if (!method || method->empty() || method->size() > kMostMethod)
      fields.refuse("methods", "must be a list of short strings");
    else
      methods.emplace_back(*method);
  });
}

Result<Proof> read_proof(json::Value value) {
  constexpr std::int64_t kLatest = 253'402'300'799; // the last second of the year 9999
  json::Fields fields(value, "");
  Proof proof;
  proof.issuer = fields.required_string("issuer");
  proof.subject = fields.required_string("subject");
  proof.assurance = fields.required_string("assurance");
  if (fields.ok() && (proof.issuer.size() > kMostName || proof.subject.size() > kMostName))
    fields.refuse("subject", "is too long");
  if (fields.ok() && !is_assurance(proof.assurance)) fields.refuse("assurance", "must be aal1, aal2 or aal3");
  read_methods(fields, proof.methods);
  const auto since = fields.integer("authenticated_at", 1, kLatest);
  if (!since) fields.refuse("authenticated_at", "must say when, in unix seconds");
  proof.authenticated_at = since.value_or(0);
  proof.expires_at = fields.integer("expires_at", 1, kLatest);
  if (auto finished = fields.finish(); !finished) return finished.error();
  return proof;
}

} // namespace

Proven examine_proof(Reply reply, std::string_view connector, const std::vector<std::string>& types,
                     const IdentifierRules& rules, json::Reader& reader, std::string& why) {
  why = reply.garbage;
  Outcome outcome = outcome_of(reply, false);
  outcome.retry_after = reply.retry_after;
  const bool readable = reply.garbage.empty() && !reply.too_large && !reply.verdict;
  if (readable && (reply.status == PLUGBOARD_REJECTED || reply.status == PLUGBOARD_NOT_FOUND))
    return Rejected{true, std::move(outcome)};
  if (outcome.status != Status::ok) return refuse(std::move(outcome));

  const auto value = reader.read(reply.data);
  if (!value || !value->is_object()) {
    why = value ? "not a JSON object" : value.error().message;
    return broken("the proof is not a strict JSON object");
  }
  auto proof = read_proof(*value);
  if (!proof) {
    why = proof.error().message;
    return broken("the proof is not what abi.h demands of one: " + proof.error().message);
  }
  if (rules.stands_for_nobody(proof->subject)) { // or all whom an issuer calls that would be one customer
    why = "the proof's subject is a word for nobody";
    return Rejected{true, failed(Status::error, Reason::upstream_unauthorized)};
  }
  auto taken = take_identifiers(reply, connector, types, rules);
  if (!taken.fault.empty()) return broken(std::move(taken.fault));
  proof->identifiers = std::move(taken.identifiers);
  proof->refused = std::move(taken.refused);
  return std::move(*proof);
}

} // namespace plugboard::connector
