// The second half of a desk: what came back is judged, counted, explained to the log, and handed to who asked.
#include "core/base/redacted.hpp"
#include "core/connector/desk.hpp"
#include "core/connector/examine.hpp"

#include <utility>

namespace plugboard::connector {

namespace {

template <class Done, class Answer>
void hand_over(OpenCall& call, Answer answer) {
  if (const auto done = std::exchange(std::get<Done>(call.on_answer), nullptr)) done(std::move(answer));
}

} // namespace

void Desk::judge(OpenCall& call, Reply reply) {
  if (call.is_health()) return judge_health(call, std::move(reply));
  const Settings& settings = office_.settings;
  Remarks remarks{std::move(reply.message), {}, !reply.garbage.empty()};
  if (const LookupRequest* asked = call.lookup()) {
    const Asked against{settings.name, settings.sections[asked->section], *office_.shapes[asked->section],
                        asked->identifiers, *settings.identifier_rules};
    Outcome outcome = examine_lookup(std::move(reply), against, home_.reader, remarks.why);
    settle(call, outcome, remarks);
    hand_over<LookupDone>(call, std::move(outcome));
  } else if (call.is_logout()) {
    Logout answer = examine_logout(std::move(reply), home_.reader, remarks.why);
    conclude<LogoutDone>(call, std::move(answer), {}, remarks);
  } else if (const SubjectRequest* wanted = call.subject()) {
    Subject answer = examine_subject(std::move(reply), wanted->right, home_.reader, remarks.why);
    conclude<SubjectDone>(call, std::move(answer), {}, remarks);
  } else {
    Authenticated answer = examine_step(std::move(reply), settings.name, settings.identifiers,
                                        *settings.identifier_rules, home_.reader, remarks.why);
    const auto* proof = answer ? std::get_if<Proof>(&*answer) : nullptr;
    Outcome ok;
    if (proof != nullptr) ok.refused = proof->refused;
    conclude<AuthenticateDone>(call, std::move(answer), std::move(ok), remarks);
  }
}

// Nobody's call: what it breaks counts, how it ended is the operator's to know, and not among calls.
void Desk::judge_health(OpenCall& call, Reply reply) {
  const bool garbage = !reply.garbage.empty();
  HealthAnswer answer = examine_health(std::move(reply));
  cancel_services(call);
  if (answer.outcome.reason == Reason::plugin_protocol)
    office_.tally.violated(garbage ? Violation::garbage : Violation::bad_answer);
  office_.tally.running(office_.border.turnstile().running(), office_.border.turnstile().waiting());
  hand_over<HealthDone>(call, std::move(answer));
}

template <class Done, class Answer>
void Desk::conclude(OpenCall& call, Answer answer, Outcome ok, const Remarks& remarks) {
  if (answer) {
    settle(call, ok, remarks);
    return hand_over<Done>(call, std::move(answer));
  }
  Rejected rejected = std::move(answer).error();
  settle(call, rejected.outcome, remarks);
  hand_over<Done>(call, Answer(std::move(rejected)));
}

void Desk::settle(OpenCall& call, Outcome& outcome, const Remarks& remarks) {
  if (outcome.status == Status::timeout && call.until.passed(home_.clock.now())) outcome.reason = call.on_timeout;
  if (outcome.reason == Reason::upstream_rate_limited && outcome.retry_after == Duration::zero())
    outcome.retry_after = call.held; // the hub held it back, and the plugin can't know for how long
  cancel_services(call);
  if (outcome.status == Status::invalid && outcome.reason == Reason::plugin_protocol)
    office_.tally.violated(remarks.garbage ? Violation::garbage : Violation::bad_answer);
  explain(call, outcome, remarks);
  count(call, outcome);
}

void Desk::finish(OpenCall& call, Outcome outcome) {
  if (call.is_health()) return hand_over<HealthDone>(call, HealthAnswer{true, std::move(outcome), {}});
  count(call, outcome);
  if (call.lookup() != nullptr) return hand_over<LookupDone>(call, std::move(outcome));
  Rejected failure{false, std::move(outcome), std::nullopt};
  if (call.is_logout()) return hand_over<LogoutDone>(call, Logout(std::move(failure)));
  if (call.subject() != nullptr) return hand_over<SubjectDone>(call, Subject(std::move(failure)));
  hand_over<AuthenticateDone>(call, Authenticated(std::move(failure)));
}

void Desk::count(const OpenCall& call, Outcome& outcome) {
  outcome.took = home_.clock.now() - call.started;
  if (outcome.status == Status::ok) outcome.fetched_at = home_.clock.wall();
  const LookupRequest* asked = call.lookup();
  office_.tally.ended(asked != nullptr ? asked->section : office_.tally.section_of(call.request.operation), outcome);
  office_.tally.running(office_.border.turnstile().running(), office_.border.turnstile().waiting());
}

// A customer who is unknown or whose credential proves nothing is no event; all else that went wrong is.
void Desk::explain(const OpenCall& call, const Outcome& outcome, const Remarks& remarks) {
  const bool usual = outcome.status == Status::ok || outcome.status == Status::not_found;
  if (usual || (remarks.message.empty() && remarks.why.empty())) return;
  const LookupRequest* asked = call.lookup();
  std::string text = asked != nullptr ? office_.settings.sections[asked->section].name
                                      : std::string(Tally::operation_name(call.request.operation));
  text += ": " + std::string(name_of(outcome.status)) + "/" + std::string(name_of(outcome.reason));
  if (!remarks.message.empty()) text += ": the plugin says: " + redacted(remarks.message);
  if (!remarks.why.empty()) text += ": " + remarks.why;
  office_.log.noticed("connector.failed", text);
}

} // namespace plugboard::connector
