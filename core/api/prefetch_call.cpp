// POST /v1/prefetch: what a context would ask is asked now, so that its answers are there when somebody needs them.
// Only of sections whose answers are kept; nothing is shown to anybody, and that it was asked for is on record.
// POST /v1/prefetch/cancel: nobody will need them.
#include "core/api/agent_api.hpp"
#include "core/api/context_words.hpp"
#include "core/api/disclosure.hpp"
#include "core/api/problem.hpp"
#include "core/api/selection.hpp"
#include "core/base/ids.hpp"
#include "core/context/fan_out.hpp"
#include "core/json/fields.hpp"

namespace plugboard::api {

namespace {

constexpr std::size_t kMostAtOnce = 64; // a thread

Result<std::string> read_cancel_ask(json::Value body) {
  json::Fields fields(body, "");
  std::string id(fields.required_string("context_id"));
  if (auto read = fields.finish(); !read) return read.error();
  return id;
}

http::Response begun_page(const std::string& context_id) {
  http::Response response;
  response.status = 202;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = R"({"context_id":")" + context_id + R"("})";
  return response;
}

Prefetches::Owner owner_of(const session::Client& client) {
  return {client.tenant, client.id};
}

} // namespace

struct AgentApi::Prefetch {
  Prefetch(Visit from, ContextAsk words, http::Responder to, std::size_t& at_once)
      : visit(std::move(from)), ask(std::move(words)), responder(std::move(to)), under_way(at_once) {
    ++under_way;
  }

  ~Prefetch() { --under_way; }

  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  Visit visit;
  ContextAsk ask;
  http::Responder responder;
  std::size_t& under_way;
  Instant received{};
  std::string context_id;
  session::AccessPtr access;
  std::shared_ptr<context::FanOut> fan_out;
  session::Watch watch; // for the session's end
  Prefetches::Entry entry;

  void call_off() {
    if (const auto still = std::exchange(fan_out, nullptr)) still->cancel();
  }
};

void AgentApi::prefetch(const http::Request& request, http::Responder responder, Visit visit) {
  if (prefetches_ >= kMostAtOnce) return responder.send(too_many("Too many prefetches are under way.", 1));
  auto ask = read_ask(request, visit, rooms_.home.reader);
  if (!ask) return responder.send(refusal(ask.error()));
  if (ask->criticality != "bulk") ask->criticality = "background"; // nobody waits for it yet
  if (!stay(visit, ask->criticality, request.received, responder)) return;
  auto held = std::make_shared<Prefetch>(std::move(visit), std::move(*ask), std::move(responder), prefetches_);
  held->received = request.received;
  held->context_id = new_uuid7(rooms_.clock, rooms_.random);
  find(held->ask.session, *held->visit.client, [this, held](Result<session::AccessPtr> found) {
    if (!found) return held->responder.send(refusal(found.error()));
    held->access = *found;
    const auto by = "client " + held->visit.client->id;
    audit::Change asked{"context.prefetch", by, held->visit.client->tenant};
    asked.actor = held->ask.actor;
    asked.customer = held->access->session.customer;
    asked.session = held->access->session.id;
    asked.target = held->context_id;
    asked.trace_id = held->visit.trace.id();
    asked.details.emplace_back("purpose", held->ask.purpose);
    rooms_.trail.change(asked, poster(), [this, held](const Result<audit::Receipt>& receipt) {
      if (!receipt) return held->responder.send(problem(Problem::audit_unavailable));
      if (!rooms_.sessions.alive(*held->access)) return held->responder.send(problem(Problem::session_unknown));
      warm(held);
    });
  });
}

void AgentApi::warm(const std::shared_ptr<Prefetch>& held) {
  const auto& generation = *held->visit.generation;
  const auto& session = held->access->session;
  const auto now = rooms_.clock.wall();
  const AskedOf of{held->visit, held->ask, session};
  auto asked = select_sections(*generation.catalog, held->ask, sight_of(views_, of, now)).asked;
  std::erase_if(asked, [&](const context::AskedSection& one) {
    const auto& section = generation.catalog->sections()[one.section];
    return generation.systems->sources[section.connector]->rules[section.section].fresh == Duration::zero();
  });
  if (asked.empty()) return held->responder.send(begun_page(held->context_id)); // nothing of it would be kept
  held->fan_out = std::make_shared<context::FanOut>(
      generation.catalog, generation.systems,
      request_for(of, held->context_id, held->received, session.assurance_at(now), std::move(asked)), rooms_.home);
  const auto call_off = [weak = std::weak_ptr(held)] {
    if (const auto still = weak.lock()) still->call_off();
  };
  held->watch = rooms_.sessions.watch(held->access, poster(), call_off);
  held->entry = rooms_.prefetches.enter(held->context_id, owner_of(*held->visit.client),
                                        [post = poster(), call_off] { post(call_off); });
  held->responder.send(begun_page(held->context_id)); // from now on it can be called off
  held->fan_out->start([held](const context::Gathered&) { held->fan_out.reset(); });
}

void AgentApi::call_off_prefetch(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  const auto id = read_cancel_ask(*body);
  if (!id) return responder.send(refusal(id.error()));
  rooms_.prefetches.call_off(*id, owner_of(*visit.client));
  http::Response response;
  response.status = 204;
  responder.send(std::move(response));
}

} // namespace plugboard::api
