#include "core/api/disclosure.hpp"

namespace plugboard::api {

namespace {

void add_identifiers(audit::Intent& intent, const std::vector<Identifier>& identifiers) {
  for (const auto& identifier : identifiers) intent.identifiers.push_back(identifier.type);
}

audit::Intent intent_for(const Visit& visit, const session::Session& session) {
  audit::Intent intent;
  intent.tenant = visit.client->tenant;
  intent.client = visit.client->id;
  intent.customer = session.customer;
  intent.session = session.id;
  intent.trace_id = visit.trace.id();
  add_identifiers(intent, session.identifiers);
  return intent;
}

bool has_data(const context::SectionResult& result) {
  return result.asked && has_data(result.outcome.status);
}

} // namespace

audit::Intent intent_of(const Disclosing& what) {
  const auto& sections = what.visit.generation->catalog->sections();
  auto intent = intent_for(what.visit, what.session);
  intent.actor = what.ask.actor;
  intent.purpose = what.ask.purpose;
  intent.context_id = what.context_id;
  intent.sections.reserve(what.selection.asked.size());
  for (const auto& asked : what.selection.asked)
    intent.sections.push_back({sections[asked.section].name, what.sight.of(asked.section).shown});
  for (const auto& step_up : what.selection.step_up) intent.step_up.push_back(sections[step_up.section].name);
  for (const auto& denied : what.selection.denied) intent.denied.push_back(denied);
  return intent;
}

audit::Outcome outcome_of(const context::PayloadParts& parts) {
  audit::Outcome outcome{audit::Ending::shown, {}, {}};
  for (const auto& result : *parts.results)
    if (has_data(result)) outcome.sections.push_back(parts.catalog->sections()[result.section].name);
  return outcome;
}

audit::Intent identity_intent(const Visit& visit, const session::Session& session) {
  auto intent = intent_for(visit, session);
  intent.purpose = visit.client->purpose;
  return intent;
}

} // namespace plugboard::api
