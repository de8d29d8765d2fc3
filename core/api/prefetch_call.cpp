// POST /v1/prefetch: what a context would ask is asked now, so that its answers are there when somebody needs them.
// Only of sections whose answers are kept; nothing is shown to anybody, and that it was asked for is on record.
#include "core/api/agent_api.hpp"
#include "core/api/context_words.hpp"
#include "core/api/disclosure.hpp"
#include "core/api/problem.hpp"
#include "core/api/selection.hpp"
#include "core/base/ids.hpp"
#include "core/context/fan_out.hpp"

namespace plugboard::api {

namespace {

constexpr std::size_t kMostAtOnce = 64; // a thread

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
  session::Watch watch; // for the session's end
  std::shared_ptr<context::FanOut> fan_out;
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
  http::Response response;
  response.status = 202;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = R"({"context_id":")" + held->context_id + R"("})";
  held->responder.send(std::move(response));
  if (asked.empty()) return; // nothing of it would be kept
  held->fan_out = std::make_shared<context::FanOut>(
      generation.catalog, generation.systems,
      request_for(of, held->context_id, held->received, session.assurance_at(now), std::move(asked)), rooms_.home);
  held->watch = rooms_.sessions.watch(held->access, poster(), [weak = std::weak_ptr(held)] {
    const auto still = weak.lock();
    if (const auto fan_out = still ? std::exchange(still->fan_out, nullptr) : nullptr) fan_out->cancel();
  });
  held->fan_out->start([held](const context::Gathered&) { held->fan_out.reset(); });
}

} // namespace plugboard::api
