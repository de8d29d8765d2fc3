// The second half of a desk: what came back is judged, counted, explained to the log, and handed to who asked.
#include "core/connector/desk.hpp"
#include "core/connector/examine.hpp"

#include <utility>

namespace plugboard::connector {

void Desk::judge(OpenCall& call, Reply reply) {
  const Settings& settings = office_.settings;
  const std::string message = std::move(reply.message);
  const bool garbage = !reply.garbage.empty();
  std::string why;
  Outcome outcome;
  std::optional<Proven> proven;
  if (call.is_lookup()) {
    const LookupRequest& asked = call.lookup();
    const Asked against{settings.name, settings.sections[asked.section], *office_.shapes[asked.section],
                        asked.identifiers, *settings.identifier_rules};
    outcome = examine_lookup(std::move(reply), against, home_.reader, why);
  } else {
    proven = examine_proof(std::move(reply), settings.name, settings.identifiers, *settings.identifier_rules,
                           home_.reader, why);
    if (!*proven) outcome = proven->error().outcome;
  }
  if (outcome.status == Status::timeout && call.until.passed(home_.clock.now())) outcome.reason = call.on_timeout;
  if (outcome.reason == Reason::upstream_rate_limited && outcome.retry_after == Duration::zero())
    outcome.retry_after = call.held; // the hub held it back, and the plugin can't know for how long
  cancel_exchanges(call);
  if (outcome.status == Status::invalid && outcome.reason == Reason::plugin_protocol)
    office_.tally.violated(garbage ? Violation::garbage : Violation::bad_answer);
  explain(call, outcome, message, why);
  if (!proven) return finish(call, std::move(outcome));
  if (*proven) return finish(call, std::move(**proven));
  count(call, outcome);
  Rejected rejected{proven->error().credential, std::move(outcome)};
  if (const auto done = std::move(call.authenticate_done)) done(std::move(rejected));
}

void Desk::finish(OpenCall& call, Outcome outcome) {
  count(call, outcome);
  if (call.is_lookup()) {
    if (const auto done = std::move(call.lookup_done)) done(std::move(outcome));
  } else {
    if (const auto done = std::move(call.authenticate_done)) done(Rejected{false, std::move(outcome)});
  }
}

void Desk::finish(OpenCall& call, Proof proof) {
  Outcome outcome;
  outcome.refused = proof.refused;
  count(call, outcome);
  if (const auto done = std::move(call.authenticate_done)) done(std::move(proof));
}

void Desk::count(const OpenCall& call, Outcome& outcome) {
  outcome.took = home_.clock.now() - call.started;
  if (outcome.status == Status::ok) outcome.fetched_at = home_.clock.wall();
  office_.tally.ended(call.is_lookup() ? call.lookup().section : office_.tally.authenticate(), outcome);
  office_.tally.running(office_.border.turnstile().running(), office_.border.turnstile().waiting());
}

// A customer who is unknown or whose credential proves nothing is no event; all else that went wrong is.
void Desk::explain(const OpenCall& call, const Outcome& outcome, const std::string& message, const std::string& why) {
  const bool usual = outcome.status == Status::ok || outcome.status == Status::not_found;
  if (usual || (message.empty() && why.empty())) return;
  std::string text = call.is_lookup() ? office_.settings.sections[call.lookup().section].name : "authenticate";
  text += ": " + std::string(name_of(outcome.status)) + "/" + std::string(name_of(outcome.reason));
  if (!message.empty()) text += ": the plugin says: " + message;
  if (!why.empty()) text += ": " + why;
  office_.log.noticed("connector.failed", text);
}

} // namespace plugboard::connector
