// POST /v1/sessions/introspect, /revoke, /handoff, /redeem.
#include "core/api/agent_api.hpp"
#include "core/api/disclosure.hpp"
#include "core/api/problem.hpp"
#include "core/api/session_page.hpp"
#include "core/json/fields.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

Result<std::string> read_token_ask(json::Value body) {
  json::Fields fields(body, "");
  std::string token(fields.required_string("session"));
  if (auto read = fields.finish(); !read) return read.error();
  return token;
}

struct HandoffAsk {
  std::string session, to;
};

Result<HandoffAsk> read_handoff_ask(json::Value body) {
  json::Fields fields(body, "");
  HandoffAsk ask{std::string(fields.required_string("session")), std::string(fields.required_string("to"))};
  if (auto read = fields.finish(); !read) return read.error();
  return ask;
}

Result<std::string> read_code_ask(json::Value body) {
  json::Fields fields(body, "");
  std::string code(fields.required_string("code"));
  if (auto read = fields.finish(); !read) return read.error();
  return code;
}

http::Response uncached_page(std::string body) {
  http::Response response;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = std::move(body);
  return response;
}

} // namespace

void AgentApi::introspect(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto token = read_token_ask(*body);
  if (!token) return responder.send(refusal(token.error()));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  find(*token, *visit.client, [this, shared, visit](const Result<session::AccessPtr>& found) {
    if (!found && found.error().code != Code::not_found) return shared->send(refusal(found.error()));
    if (found) return tell_session(shared, visit, *found);
    auto response = uncached_page(R"({"active":false})");
    response.is_even = true;
    shared->send(std::move(response));
  });
}

// Who the customer is leaves with it: on record before it does.
void AgentApi::tell_session(const std::shared_ptr<http::Responder>& responder, const Visit& visit,
                            const session::AccessPtr& access) {
  rooms_.trail.disclose(identity_intent(visit, access->session), poster(),
                        [this, responder, access](const Result<audit::Receipt>& receipt) {
                          if (!receipt) return responder->send(problem(Problem::audit_unavailable));
                          if (!rooms_.sessions.alive(*access)) { // revoked meanwhile
                            rooms_.trail.outcome(*receipt, {audit::Ending::withheld, {}, "session.ended"});
                            return responder->send(uncached_page(R"({"active":false})"));
                          }
                          rooms_.trail.outcome(*receipt, {audit::Ending::shown, {}, {}});
                          responder->send(uncached_page(session_page(access->session, rooms_.clock.wall(), {})));
                        });
}

void AgentApi::revoke(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto token = read_token_ask(*body);
  if (!token) return responder.send(refusal(token.error()));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const auto then = [shared](Result<void> revoked) {
    if (!revoked) return shared->send(refusal(revoked.error()));
    http::Response response;
    response.status = 204;
    shared->send(std::move(response));
  };
  patience_.wait<void>(then, [&](auto told) {
    rooms_.sessions.revoke(*token, visit.client->tenant, visit.client->id, poster(), std::move(told));
  });
}

void AgentApi::hand_off(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto ask = read_handoff_ask(*body);
  if (!ask) return responder.send(refusal(ask.error()));
  const auto clients = rooms_.clients.list();
  const bool known = std::any_of(clients.begin(), clients.end(), [&](const auto& one) {
    return one->tenant == visit.client->tenant && one->id == ask->to;
  });
  if (!known) return responder.send(problem(Problem::invalid_request, "/to: there is no client of this name"));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const auto then = [this, shared, visit, to = ask->to](Result<session::HandedOff> handed) {
    if (!handed) return shared->send(refusal(handed.error()));
    rooms_.log.info("session.handed_off", {{"tenant", visit.client->tenant}, {"client", visit.client->id}, {"to", to}});
    shared->send(uncached_page(handoff_page(*handed)));
  };
  patience_.wait<session::HandedOff>(then, [&](auto told) {
    rooms_.sessions.handoff(ask->session, visit.client->tenant, visit.client->id, ask->to, poster(), std::move(told));
  });
}

void AgentApi::redeem(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto code = read_code_ask(*body);
  if (!code) return responder.send(refusal(code.error()));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const auto then = [this, shared](Result<session::Created> created) {
    if (!created) return shared->send(refusal(created.error()));
    log_session("session.redeemed", *created);
    shared->send(created_page(*created));
  };
  patience_.wait<session::Created>(then, [&](auto told) {
    rooms_.sessions.redeem(*code, visit.client->tenant, {visit.client->id, visit.client->channel}, poster(),
                           std::move(told));
  });
}

} // namespace plugboard::api
