// POST /v1/sessions, /introspect, /revoke.
#include "core/api/agent_api.hpp"
#include "core/api/problem.hpp"
#include "core/api/session_page.hpp"
#include "core/base/ids.hpp"
#include "core/json/fields.hpp"

namespace plugboard::api {

namespace {

constexpr Duration kAuthenticationTime = std::chrono::seconds(10);

struct SessionAsk {
  std::string connector, credential;
};

Result<SessionAsk> read_session_ask(json::Value body) {
  json::Fields fields(body, "");
  SessionAsk ask;
  ask.connector = fields.required_string("connector");
  auto credential = fields.object("credential");
  if (!credential)
    fields.refuse("credential", "must be an object: what the connector checks, such as {\"token\": \"…\"}");
  ask.credential = json::to_text(credential);
  if (auto read = fields.finish(); !read) return read.error();
  return ask;
}

Result<std::string> read_token_ask(json::Value body) {
  json::Fields fields(body, "");
  std::string token(fields.required_string("session"));
  if (auto read = fields.finish(); !read) return read.error();
  return token;
}

// What a client may know of why nobody authenticated. Details are in the log.
http::Response not_authenticated(const connector::Rejected& rejected) {
  if (rejected.credential) return problem(Problem::credential_rejected);
  const auto& outcome = rejected.outcome;
  return problem(Problem::authentication_unavailable, connector::title_of(outcome.status, outcome.reason));
}

} // namespace

void AgentApi::create_session(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto ask = read_session_ask(*body);
  if (!ask) return responder.send(refusal(ask.error()));
  auto login = visit.generation->logins.find(ask->connector);
  if (login == visit.generation->logins.end())
    return responder.send(problem(Problem::invalid_request, "/connector: no connector of this name authenticates"));

  connector::AuthenticateRequest authenticate{
      visit.client->tenant, {}, new_uuid7(rooms_.clock, rooms_.random), std::move(ask->credential), {}};
  auto shared = std::make_shared<http::Responder>(std::move(responder)); // std::function wants copyable captures
  auto& connector = *visit.generation->connectors[login->second];
  connector.authenticate(
      std::move(authenticate), Deadline::after(rooms_.clock.now(), kAuthenticationTime), rooms_.home,
      [this, shared, visit](connector::Authenticated step) {
        if (!step) {
          metrics_.sessions_refused.add();
          return shared->send(not_authenticated(step.error()));
        }
        auto* proof = std::get_if<connector::Proof>(&*step);
        if (proof == nullptr)
          return shared->send(problem(Problem::authentication_unavailable, "This login takes more than one step."));
        rooms_.sessions.create(
            proved_from(std::move(*proof), visit.client->tenant, rooms_.clock.wall()),
            session::Holder(visit.client->id, visit.client->channel), poster(),
            [this, shared](Result<session::Created> created) {
              if (!created) return shared->send(problem(Problem::overloaded, "The session could not be stored."));
              metrics_.sessions_created.add();
              const session::Session& session = created->access->session;
              const WallTime now = rooms_.clock.wall();
              rooms_.log.info("session.created", {{"session_id", session.id},
                                                  {"tenant", session.tenant},
                                                  {"client", created->access->token.client},
                                                  {"customer", session.customer},
                                                  {"assurance", name_of(session.assurance_at(now))}});
              http::Response response;
              response.status = 201;
              response.headers.push_back({"cache-control", "no-store"});
              response.body = session_page(session, now, created->token.reveal());
              shared->send(std::move(response));
            });
      });
}

void AgentApi::introspect(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto token = read_token_ask(*body);
  if (!token) return responder.send(refusal(token.error()));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  rooms_.sessions.find(
      *token, visit.client->tenant, visit.client->id, poster(), [this, shared](Result<session::AccessPtr> found) {
        if (!found && found.error().code != Code::not_found) return shared->send(refusal(found.error()));
        http::Response response;
        response.headers.push_back({"cache-control", "no-store"});
        response.body = found ? session_page((*found)->session, rooms_.clock.wall(), {}) : R"({"active":false})";
        shared->send(std::move(response));
      });
}

void AgentApi::revoke(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto token = read_token_ask(*body);
  if (!token) return responder.send(refusal(token.error()));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  rooms_.sessions.revoke(*token, visit.client->tenant, visit.client->id, poster(), [shared](Result<void> revoked) {
    if (!revoked) return shared->send(refusal(revoked.error()));
    http::Response response;
    response.status = 204;
    shared->send(std::move(response));
  });
}

} // namespace plugboard::api
