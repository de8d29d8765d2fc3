// What a context is about to show, and what it showed, in the words of the audit trail: names of sections, fields and
// kinds of identifiers, never a value. Pure.
#pragma once

#include "core/api/agent_api.hpp"
#include "core/api/context_ask.hpp"
#include "core/api/selection.hpp"
#include "core/audit/record.hpp"
#include "core/context/payload.hpp"

#include <string_view>

namespace plugboard::api {

struct Disclosing { // views of what the request holds
  const Visit& visit;
  const ContextAsk& ask;
  std::string_view context_id;
  const session::Session& session;
  const Selection& selection;
  const policy::Sight& sight;
};

audit::Intent intent_of(const Disclosing& what);
// What is there of it has data that leaves.
audit::Outcome outcome_of(const context::PayloadParts& parts);

// By session calls, which say who the customer is: no section, but identifiers.
audit::Intent identity_intent(const Visit& visit, const session::Session& session);

} // namespace plugboard::api
