// POST /v1/sessions: from a credential, by as many steps as the connector needs, to a session; or to a session that is
// stepped up.
#include "core/api/agent_api.hpp"
#include "core/api/login_ask.hpp"
#include "core/api/problem.hpp"
#include "core/api/session_page.hpp"
#include "core/base/ids.hpp"

namespace plugboard::api {

struct AgentApi::Login { // one step of it; held by the handlers it waits in

  Login(Visit from, LoginAsk words, http::Responder to)
      : visit(std::move(from)), ask(std::move(words)), responder(std::move(to)) {}

  Visit visit;
  LoginAsk ask;
  http::Responder responder;
  std::string connector;                   // of the step before, for a next one
  std::string state;                       // its plugin's
  std::string source;                      // where the customer is
  std::vector<session::KeyedHash> step_up; // the token of the session that is stepped up; empty: a new one begins
};

namespace {

constexpr Duration kAuthenticationTime = std::chrono::seconds(10);

// What a client may know of why nobody authenticated. Details are in the log.
http::Response not_authenticated(const connector::Rejected& rejected) {
  if (rejected.credential) return problem(Problem::credential_rejected);
  const auto& outcome = rejected.outcome;
  return problem(Problem::authentication_unavailable, connector::title_of(outcome.status, outcome.reason));
}

http::Response not_created(const Error& error) {
  if (error.code == Code::unauthenticated) return problem(Problem::credential_rejected);
  if (error.code == Code::conflict) return problem(Problem::conflict, "The credential proves another customer.");
  if (error.code == Code::not_found) return problem(Problem::session_unknown);
  const auto which = problem_of(error);
  return which == Problem::audit_unavailable ? problem(which)
                                             : problem(Problem::overloaded, "The session could not be stored.");
}

} // namespace

void AgentApi::create_session(const http::Request& request, http::Responder responder, Visit visit) {
  auto body = rooms_.home.reader.read(request.body);
  if (!body) return responder.send(refusal(body.error()));
  auto ask = read_login_ask(*body);
  if (!ask) return responder.send(refusal(ask.error()));
  const bool asserts = ask->kind == LoginAsk::Kind::asserted;
  if (!visit.client->may(asserts ? session::Scope::session_assert : session::Scope::session_create))
    return responder.send(problem(Problem::scope_missing, asserts ? "To vouch for a customer needs session:assert."
                                                                  : "This call needs the scope session:create."));
  auto login = std::make_shared<Login>(std::move(visit), std::move(*ask), std::move(responder));
  login->source = source_of(request, login->ask.source);
  if (asserts) return assert_session(std::move(login));
  if (login->ask.kind == LoginAsk::Kind::next_step) return go_on(std::move(login));
  login->connector = login->ask.connector;
  if (login->ask.session.empty()) return authenticate(std::move(login));
  find(login->ask.session, *login->visit.client, [this, login](Result<session::AccessPtr> found) {
    if (!found) return login->responder.send(refusal(found.error()));
    login->step_up = rooms_.sessions.hashes_of(login->ask.session);
    authenticate(login);
  });
}

void AgentApi::assert_session(std::shared_ptr<Login> login) {
  const auto& rules = *login->visit.generation->identifier_rules;
  auto value = rules.taken(login->ask.type, login->ask.value);
  if (!value)
    return login->responder.send(
        problem(Problem::invalid_request, value.error() == connector::Unfit::nobody
                                              ? "/asserted/value: stands for nobody, so it names no customer"
                                              : "/asserted/value: is not of its type's form; a telephone number begins "
                                                "with + and its country"));
  auto asserted =
      session::asserted(login->visit.client->tenant, login->ask.type, std::move(*value), rooms_.clock.wall());
  asserted.subject = rules.compared(login->ask.type, asserted.subject); // however it is written, one customer
  proved(login, std::move(asserted));
}

void AgentApi::go_on(std::shared_ptr<Login> login) {
  const auto& client = *login->visit.client;
  const auto then = [this, login](Result<session::Continuation> taken) {
    if (!taken) return login->responder.send(refusal(taken.error()));
    login->connector = std::move(taken->connector);
    login->state = std::move(taken->state);
    login->step_up = std::move(taken->step_up);
    authenticate(login);
  };
  patience_.wait<session::Continuation>(then, [&](auto told) {
    rooms_.continuations.take(login->ask.continuing, client.tenant, client.id, poster(), std::move(told));
  });
}

void AgentApi::authenticate(std::shared_ptr<Login> login) {
  const auto& generation = *login->visit.generation;
  const auto found = generation.logins.find(login->connector);
  if (found == generation.logins.end())
    return login->responder.send(
        problem(Problem::invalid_request, "/connector: no connector of this name authenticates"));
  connector::AuthenticateRequest request{login->visit.client->tenant,
                                         {},
                                         new_uuid7(rooms_.clock, rooms_.random),
                                         std::move(login->ask.credential),
                                         std::move(login->state)};
  generation.connectors[found->second]->authenticate(
      std::move(request), Deadline::after(rooms_.clock.now(), kAuthenticationTime), rooms_.home,
      [this, login](connector::Authenticated step) {
        if (auto waits = guessed({login->visit.client->tenant, login->connector, login->source}, step))
          return login->responder.send(std::move(*waits));
        if (!step) {
          metrics_.sessions_refused.add();
          return login->responder.send(not_authenticated(step.error()));
        }
        if (auto* challenge = std::get_if<connector::Challenge>(&*step)) return challenged(login, *challenge);
        proved(login, proved_from(std::move(std::get<connector::Proof>(*step)), login->visit.client->tenant,
                                  rooms_.clock.wall()));
      });
}

void AgentApi::challenged(const std::shared_ptr<Login>& login, connector::Challenge& challenge) {
  const auto& client = *login->visit.client;
  const auto then = [login, words = std::move(challenge.challenge)](Result<session::Continuations::Opened> opened) {
    if (!opened) return login->responder.send(problem(Problem::overloaded, "The login could not be stored."));
    http::Response response;
    response.status = 202;
    response.headers.push_back({"cache-control", "no-store"});
    response.body = challenge_page(opened->token.reveal(), words, opened->expires_at);
    login->responder.send(std::move(response));
  };
  patience_.wait<session::Continuations::Opened>(then, [&](auto told) {
    rooms_.continuations.open(
        {client.tenant, client.id, login->connector, std::move(challenge.state), std::move(login->step_up)},
        WallTime(std::chrono::seconds(challenge.expires_at)), poster(), std::move(told));
  });
}

void AgentApi::proved(const std::shared_ptr<Login>& login, session::Proved proved) {
  const auto then = [this, login](Result<session::Created> created) {
    if (!created) {
      metrics_.sessions_refused.add();
      return login->responder.send(not_created(created.error()));
    }
    metrics_.sessions_created.add();
    log_session(login->step_up.empty() ? "session.created" : "session.stepped_up", *created);
    login->responder.send(created_page(*created));
  };
  const auto& client = *login->visit.client;
  patience_.wait<session::Created>(then, [&](auto told) {
    if (login->step_up.empty())
      return rooms_.sessions.create(std::move(proved), {client.id, client.channel}, poster(), std::move(told));
    rooms_.sessions.step_up(login->step_up, client.id, std::move(proved), poster(), std::move(told));
  });
}

void AgentApi::log_session(std::string_view event, const session::Created& created) const {
  const session::Session& session = created.access->session;
  rooms_.log.info(event, {{"session_id", session.id},
                          {"tenant", session.tenant},
                          {"client", created.access->token.client},
                          {"customer", session.customer},
                          {"assurance", name_of(session.assurance_at(rooms_.clock.wall()))}});
}

http::Response AgentApi::created_page(const session::Created& created) const {
  http::Response response;
  response.status = 201;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = session_page(created.access->session, rooms_.clock.wall(), created.token.reveal());
  return response;
}

} // namespace plugboard::api
