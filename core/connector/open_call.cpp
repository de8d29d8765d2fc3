#include "core/connector/open_call.hpp"

#include "core/connector/abi_text.hpp"

#include <plugboard/health.h>

#include <utility>

namespace plugboard::connector {

OpenCall::OpenCall(LookupRequest lookup, const SectionSpec& section, LookupDone done)
    : on_answer(std::move(done)), asked_(std::move(lookup)), section_(section.name) {
  const auto& asked = std::get<LookupRequest>(asked_);
  const Caller& caller = *asked.caller;
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = section.is_derived() ? PLUGBOARD_DERIVE : PLUGBOARD_LOOKUP;
  request.tenant = str(caller.tenant);
  request.section = str(section_);
  request.purpose = str(caller.purpose);
  request.actor = str(caller.actor);
  request.language = str(caller.language);
  request.context_id = str(caller.context_id);
  request.traceparent = str(caller.trace.parent);
  request.params = str(asked.params);
  put_identifiers(asked.identifiers);
  inputs_.reserve(asked.inputs.size());
  for (const Input& one : asked.inputs)
    inputs_.push_back({str(one.name), str(one.data.view()), one.age.count(), one.stale ? 1U : 0U, 0});
  request.inputs = inputs_.data();
  request.input_count = inputs_.size();
}

OpenCall::OpenCall(AuthenticateRequest authenticate, AuthenticateDone done)
    : on_answer(std::move(done)), asked_(std::move(authenticate)) {
  const auto& asked = std::get<AuthenticateRequest>(asked_);
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = PLUGBOARD_AUTHENTICATE;
  request.tenant = str(asked.tenant);
  request.language = str(asked.language);
  request.context_id = str(asked.context_id);
  request.params = str("{}");
  request.credential = str(asked.credential);
  request.state = str(asked.state);
}

OpenCall::OpenCall(LogoutRequest logout, LogoutDone done) : on_answer(std::move(done)), asked_(std::move(logout)) {
  const auto& asked = std::get<LogoutRequest>(asked_);
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = PLUGBOARD_LOGOUT;
  request.tenant = str(asked.tenant);
  request.context_id = str(asked.context_id);
  request.params = str("{}");
  request.credential = str(asked.credential);
}

OpenCall::OpenCall(SubjectRequest subject, SubjectDone done) : on_answer(std::move(done)), asked_(std::move(subject)) {
  const auto& asked = std::get<SubjectRequest>(asked_);
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = asked.right == Right::erase ? PLUGBOARD_ERASE_SUBJECT : PLUGBOARD_EXPORT_SUBJECT;
  request.tenant = str(asked.tenant);
  request.purpose = str(asked.purpose);
  request.actor = str(asked.actor);
  request.context_id = str(asked.context_id);
  request.params = str("{}");
  put_identifiers(asked.identifiers);
}

OpenCall::OpenCall(HealthDone done) : on_answer(std::move(done)), asked_(OfNobody{}) {
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = PLUGBOARD_CHECK_HEALTH;
  request.params = str("{}");
}

const TraceContext* OpenCall::trace() const {
  const auto* asked = lookup();
  return asked == nullptr || asked->caller->trace.parent.empty() ? nullptr : &asked->caller->trace;
}

void OpenCall::put_identifiers(const std::vector<Identifier>& identifiers) {
  identifiers_.reserve(identifiers.size());
  for (const Identifier& one : identifiers)
    identifiers_.push_back({str(one.type), str(one.value), str(one.source), one.verified ? 1U : 0U, 0});
  request.identifiers = identifiers_.data();
  request.identifier_count = identifiers_.size();
}

} // namespace plugboard::connector
