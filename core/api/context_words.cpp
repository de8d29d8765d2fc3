#include "core/api/context_words.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

// What the session has proved as it stands now.
policy::Standing standing_of(const session::Session& session, WallTime now) {
  policy::Standing standing;
  for (auto level : {Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3})
    if (auto at = session.proved_at(level, now)) standing.proved(level, std::max(now - *at, Duration::zero()));
  return standing;
}

} // namespace

std::vector<Identifier> known_identifiers(const Generation& generation, const session::Session& session) {
  auto known = session.identifiers;
  std::erase_if(known, [&](const auto& one) { return generation.identifier_rules->stands_for_nobody(one.value); });
  return known;
}

Result<ContextAsk> read_ask(const http::Request& request, const Visit& visit, json::Reader& reader) {
  auto body = reader.read(request.body);
  if (!body) return body.error();
  auto ask = read_context_ask(*body);
  if (!ask) return ask.error();
  if (ask->purpose.empty()) ask->purpose = visit.client->purpose;
  const auto& purposes = visit.generation->purposes;
  if (!ask->purpose.empty() && std::find(purposes.begin(), purposes.end(), ask->purpose) == purposes.end())
    return fail(Code::invalid_argument, "/purpose: must be one of the purposes that the hub's configuration names");
  return ask;
}

policy::Sight sight_of(policy::Views& views, const AskedOf& of, WallTime now) {
  const auto& client = *of.visit.client;
  const auto standing = standing_of(of.session, now);
  return views.sight(of.visit.generation->policy,
                     {client.tenant, client.id, client.channel, of.ask.purpose, &client.sections, standing});
}

context::Request request_for(const AskedOf& of, const std::string& context_id, Instant received, Assurance proved,
                             std::vector<context::AskedSection> asked) {
  const auto& client = *of.visit.client;
  context::Request request;
  request.context_id = context_id;
  request.customer = of.session.customer;
  request.tenant = client.tenant;
  request.client = client.id;
  request.purpose = of.ask.purpose;
  request.actor = of.ask.actor;
  request.language = of.ask.language;
  request.criticality = of.ask.criticality.empty() ? client.criticality : of.ask.criticality;
  request.trace = of.visit.trace;
  request.known = known_identifiers(*of.visit.generation, of.session);
  request.proved = proved;
  request.asked = std::move(asked);
  request.received = received;
  if (of.ask.max_age_ms) request.max_age = std::chrono::milliseconds(*of.ask.max_age_ms);
  request.deadline = Deadline::after(received, std::chrono::milliseconds(of.ask.deadline_ms));
  return request;
}

} // namespace plugboard::api
