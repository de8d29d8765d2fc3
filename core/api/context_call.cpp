// POST /v1/context, the same explained, and GET /v1/sections: the way of a request, from its words to its bytes.
#include "core/api/agent_api.hpp"
#include "core/api/context_words.hpp"
#include "core/api/disclosure.hpp"
#include "core/api/problem.hpp"
#include "core/api/selection.hpp"
#include "core/base/ids.hpp"
#include "core/context/explanation.hpp"
#include "core/context/fan_out.hpp"
#include "core/context/payload.hpp"
#include "core/json/writer.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

constexpr std::string_view kNoFields = "[]"; // of a section that is asked, and of which nothing leaves

// Everything one context needs from its words to its bytes; held by the handlers it waits in.
struct ContextVisit {
  ContextVisit(Visit from, ContextAsk words, http::Responder to)
      : visit(std::move(from)), ask(std::move(words)), responder(std::move(to)) {}

  Visit visit;
  ContextAsk ask;
  http::Responder responder;
  bool explains = false; // what happened is told instead of what was said
  Instant received{};
  std::string context_id;
  session::AccessPtr access;
  session::Watch watch;                  // for its end, while the systems are being asked
  Assurance assurance = Assurance::none; // when the session was found
  policy::Sight sight;
  Selection selection;
  std::shared_ptr<context::FanOut> fan_out;
  std::optional<audit::Receipt> receipt;     // that it is on record what may be shown
  std::optional<context::Gathered> gathered; // waits for that
  std::string_view ended;                    // why nothing is shown, for the record; empty: it goes on
  bool gone = false;
};

context::Request to_request(ContextVisit& held) {
  return request_for({held.visit, held.ask, held.access->session}, held.context_id, held.received, held.assurance,
                     std::move(held.selection.asked));
}

context::PayloadParts parts_of(const ContextVisit& held, const context::Gathered& gathered, Duration took) {
  const auto& generation = *held.visit.generation;
  context::PayloadParts parts;
  parts.context_id = held.context_id;
  parts.customer_id = held.access->session.customer;
  parts.identifiers = &held.access->session.identifiers;
  parts.assurance = held.assurance;
  parts.took = took;
  parts.catalog = generation.catalog.get();
  parts.sources = &generation.sources;
  parts.results = &gathered.results;
  parts.conflicts = &gathered.conflicts;
  parts.sight = &held.sight;
  parts.step_up = held.selection.step_up;
  parts.denied = held.selection.denied;
  parts.required = held.ask.required;
  return parts;
}

// For operators, who know all sources: two systems that name one customer differently.
void tell_conflicts(Log& log, Counter& counted, const ContextVisit& held,
                    const std::vector<context::Conflict>& conflicts) {
  if (!conflicts.empty()) counted.add(static_cast<double>(conflicts.size()));
  for (const auto& conflict : conflicts)
    log.warn("context.conflict", {{"context_id", held.context_id},
                                  {"tenant", held.visit.client->tenant},
                                  {"identifier", conflict.type},
                                  {"kept", conflict.kept},
                                  {"ignored", conflict.ignored}});
}

// Who was shown what, in names only: no identifier of the customer's, no data.
void log_disclosure(Log& log, const ContextVisit& held, const context::PayloadParts& parts) {
  std::size_t shown = 0;
  for (const auto& result : *parts.results)
    shown += result.asked &&
             (result.outcome.status == connector::Status::ok || result.outcome.status == connector::Status::stale);
  log.info("context.answered", {{"context_id", held.context_id},
                                {"tenant", held.visit.client->tenant},
                                {"client", held.visit.client->id},
                                {"actor", held.ask.actor},
                                {"purpose", held.ask.purpose},
                                {"customer", held.access->session.customer},
                                {"complete", is_complete(parts)},
                                {"sections_shown", shown},
                                {"took_ms", milliseconds(parts.took)}});
}

// The systems are let go, and what they said is not delivered. why: for the record, in words with dots.
void give_up(audit::Trail& trail, ContextVisit& held, std::string_view why) {
  if (!held.ended.empty()) return;
  held.ended = why;
  held.gathered.reset();
  if (held.receipt) trail.outcome(*held.receipt, {audit::Ending::withheld, {}, why});
  if (const auto fan_out = std::exchange(held.fan_out, nullptr)) fan_out->cancel();
}

// Both have come: the record is on the disk, and the systems have said what they had to.
void deliver(const Rooms& rooms, AgentMetrics& metrics, ContextVisit& held) {
  // Revoked while the systems were being asked: what they said is not delivered.
  if (!rooms.sessions.alive(*held.access)) {
    give_up(rooms.trail, held, "session.ended");
    return held.responder.send(problem(Problem::session_unknown));
  }
  auto gathered = std::move(*held.gathered);
  auto took = rooms.clock.now() - held.received;
  tell_conflicts(rooms.log, metrics.identifier_conflicts, held, gathered.conflicts);
  gathered.conflicts = conflicts_for(held.sight, *held.visit.generation->catalog, held.access->session.identifiers,
                                     std::move(gathered.conflicts));
  auto parts = parts_of(held, gathered, took);
  (is_complete(parts) ? metrics.context_complete : metrics.context_partial).add();
  metrics.context_seconds.observe(milliseconds(took) / 1000);
  log_disclosure(rooms.log, held, parts);
  http::Response response;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = held.explains
                      ? write_explanation(parts, known_identifiers(*held.visit.generation, held.access->session),
                                          std::chrono::milliseconds(held.ask.deadline_ms))
                      : write_payload(parts);
  held.ended = "delivered";
  rooms.trail.outcome(*held.receipt, held.explains ? audit::Outcome{audit::Ending::shown, {}, {}} : outcome_of(parts));
  held.responder.send(std::move(response));
}

// On record while the systems are being asked; whichever is later delivers.
void put_on_record(const Rooms& rooms, AgentMetrics& metrics, const store::Poster& back,
                   const std::shared_ptr<ContextVisit>& held) {
  auto intent =
      intent_of({held->visit, held->ask, held->context_id, held->access->session, held->selection, held->sight});
  if (held->explains) {
    for (auto& section : intent.sections) section.fields = kNoFields;
    intent.identifiers.clear();
  }
  rooms.trail.disclose(intent, back, [&rooms, &metrics, held](Result<audit::Receipt> receipt) {
    if (receipt) {
      held->receipt = std::move(*receipt);
      if (!held->ended.empty())
        rooms.trail.outcome(*held->receipt, {audit::Ending::withheld, {}, held->ended});
      else if (held->gathered)
        deliver(rooms, metrics, *held);
    } else if (held->ended.empty()) {
      give_up(rooms.trail, *held, "audit.unavailable");
      held->responder.send(problem(Problem::audit_unavailable));
    }
  });
}

// With which anything of a section may be seen.
Assurance least_assurance(const std::vector<policy::FieldRow>& rows, Assurance floor) {
  auto least = Assurance::aal3;
  for (const auto& row : rows)
    if (is_shown(row)) least = std::min(least, row.needed.assurance);
  return std::max(least, floor);
}

void write_fields(json::Writer& writer, const std::vector<policy::FieldRow>& rows) {
  writer.key("fields").begin_array();
  for (const auto& row : rows) {
    if (!is_shown(row)) continue;
    writer.begin_object().member("field", row.field);
    if (row.mask != policy::Mask::none) writer.member("mask", name_of(row.mask));
    writer.member("assurance", name_of(row.needed.assurance));
    if (row.needed.max_age) writer.member("max_age_s", static_cast<std::int64_t>(row.needed.max_age->count()));
    writer.end_object();
  }
  writer.end_array();
}

} // namespace

void AgentApi::context(const http::Request& request, http::Responder responder, Visit visit) {
  gather(request, std::move(responder), std::move(visit), Answer::context);
}

void AgentApi::explain(const http::Request& request, http::Responder responder, Visit visit) {
  gather(request, std::move(responder), std::move(visit), Answer::explanation);
}

void AgentApi::gather(const http::Request& request, http::Responder responder, Visit visit, Answer answer) {
  auto ask = read_ask(request, visit, rooms_.home.reader);
  if (!ask) return responder.send(refusal(ask.error()));
  if (!stay(visit, ask->criticality, request.received, responder)) return;

  auto held = std::make_shared<ContextVisit>(std::move(visit), std::move(*ask), std::move(responder));
  held->explains = answer == Answer::explanation;
  held->received = request.received;
  held->context_id = new_uuid7(rooms_.clock, rooms_.random);
  held->responder.on_gone([this, weak = std::weak_ptr(held)] {
    auto still = weak.lock();
    if (!still) return;
    still->gone = true;
    give_up(rooms_.trail, *still, "client.gone");
  });
  find(held->ask.session, *held->visit.client, [this, held](Result<session::AccessPtr> found) {
    if (!found) return held->responder.send(refusal(found.error()));
    if (held->gone) return;
    held->access = *found;
    held->assurance = held->access->session.assurance_at(rooms_.clock.wall());
    held->sight = sight_of(views_, {held->visit, held->ask, held->access->session}, rooms_.clock.wall());
    held->selection = select_sections(*held->visit.generation->catalog, held->ask, held->sight);
    held->ask.sections = std::vector<SectionAsk>(); // nobody holds those while the systems think
    put_on_record(rooms_, metrics_, poster(), held);
    const auto& generation = *held->visit.generation;
    held->fan_out =
        std::make_shared<context::FanOut>(generation.catalog, generation.systems, to_request(*held), rooms_.home);
    held->watch = rooms_.sessions.watch(held->access, poster(), [this, weak = std::weak_ptr(held)] {
      const auto still = weak.lock();
      if (!still || !still->ended.empty()) return;
      give_up(rooms_.trail, *still, "session.ended");
      still->responder.send(problem(Problem::session_unknown));
    });
    held->fan_out->start([this, held](context::Gathered gathered) {
      held->fan_out.reset();
      held->gathered = std::move(gathered);
      if (held->receipt) deliver(rooms_, metrics_, *held);
    });
  });
}

void AgentApi::sections(const http::Request&, http::Responder responder, Visit visit) {
  http::Response response;
  json::Writer writer(response.body);
  const auto& catalog = *visit.generation->catalog;
  const auto& client = *visit.client;
  const auto& policy = *visit.generation->policy;
  const policy::Asker asker{client.tenant,  client.id,        client.channel,
                            client.purpose, &client.sections, policy::Standing::of(Assurance::aal3)};
  const policy::Sight sight(visit.generation->policy, asker);
  writer.begin_object().key("sections").begin_array();
  for (std::size_t s = 0; s < catalog.sections().size(); ++s) {
    const auto& section = catalog.sections()[s];
    if (sight.of(s).verdict == policy::Verdict::denied) continue;
    writer.begin_object();
    writer.member("name", section.name).member("shape", section.shape);
    if (!section.description.empty()) writer.member("description", section.description);
    const auto rows = policy.rows(asker, s);
    writer.member("assurance", name_of(least_assurance(rows, section.assurance)));
    if (policy.has_rules()) write_fields(writer, rows);
    writer.key("untrusted").begin_array();
    if (const auto shape = visit.generation->shapes.find(section.shape); shape != visit.generation->shapes.end())
      for (const auto& pointer : shape->second->untrusted()) writer.value(pointer);
    writer.end_array();
    writer.key("needs").begin_array();
    for (const auto& group : section.needs) {
      writer.begin_array();
      for (const auto& need : group) {
        writer.begin_object().member("type", catalog.types()[need.type]).member("verified", need.verified).end_object();
      }
      writer.end_array();
    }
    writer.end_array();
    writer.end_object();
  }
  writer.end_array().end_object();
  responder.send(std::move(response));
}

} // namespace plugboard::api
