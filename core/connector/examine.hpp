// Turns what a plugin answered into the contract's words. Everything in it is tainted until it passed here: read
// strictly, held against shape, echo and declared identifiers. Pure but for the reader. [the home's thread]
#pragma once

#include "core/connector/connector.hpp"
#include "core/connector/reply.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plugboard::connector {

struct Asked { // what a reply is held against
  std::string_view connector;
  const SectionSpec& section;
  const json::Shape& shape;
  const std::vector<Identifier>& identifiers;
  const IdentifierRules& rules;
};

// Neither sets fetched_at nor took. `why` is for the log: what exactly was wrong, in the words of the reader
// or the shape.
Outcome examine_lookup(Reply reply, const Asked& asked, json::Reader& reader, std::string& why);

// types: those that an authentication may yield.
Authenticated examine_step(Reply reply, std::string_view connector, const std::vector<std::string>& types,
                           const IdentifierRules& rules, json::Reader& reader, std::string& why);
Logout examine_logout(Reply reply, json::Reader& reader, std::string& why);
Subject examine_subject(Reply reply, Right right, json::Reader& reader, std::string& why);
HealthAnswer examine_health(Reply reply);

// The inner parts that they share.
Outcome failed(Status status, Reason reason, std::string detail = {});
// What the status code alone says; ok with reason none: there is something to read.
Outcome outcome_of(const Reply& reply, bool is_lookup);
// The same for an operation that checks a credential; none: there is something to read.
std::optional<Rejected> refusal_of(const Reply& reply);
Rejected broken_answer(std::string detail);

struct TakenIdentifiers {
  std::string fault; // the plugin broke its contract; the rest is empty then
  std::vector<Identifier> identifiers;
  RefusedIdentifiers refused;
};

// Each in its form, one value a type. Of which type several are given none is taken: the first to come is not the
// customer's for being first.
TakenIdentifiers take_identifiers(Reply& reply, std::string_view connector, const std::vector<std::string>& declared,
                                  const IdentifierRules& rules);

} // namespace plugboard::connector
