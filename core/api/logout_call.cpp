// POST /v1/logout/CONNECTOR: a provider says that a login there is over (OpenID Connect Back-Channel Logout 1.0). The
// token is the proof; no client speaks here.
#include "core/api/agent_api.hpp"
#include "core/api/logout_form.hpp"
#include "core/api/problem.hpp"
#include "core/base/ids.hpp"
#include "core/json/writer.hpp"

namespace plugboard::api {
namespace {

constexpr Duration kLogoutTime = std::chrono::seconds(10);
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

http::Response answered(int status, std::string_view error = {}, std::string_view description = {}) {
  http::Response response;
  response.status = status;
  response.headers.push_back({"cache-control", "no-store"});
  if (error.empty()) return response;
  json::Writer writer(response.body);
  writer.begin_object().member("error", error).member("error_description", description).end_object();
  return response;
}

http::Response refused(std::string_view description) {
  return answered(400, "invalid_request", description);
}

bool is_form(const http::Request& request) {
  const auto type = request.header("content-type");
  return type && (*type == kForm || type->starts_with(std::string(kForm) + ";"));
}

http::Response not_logged_out(const connector::Rejected& rejected) {
  if (rejected.credential)
    return refused("This is no logout token of the provider for this hub, or was taken already.");
  const auto& outcome = rejected.outcome;
  return problem(Problem::authentication_unavailable, connector::title_of(outcome.status, outcome.reason));
}

} // namespace

void AgentApi::log_out(const http::Request& request, std::string_view name, http::Responder responder) {
  if (request.method != "POST") {
    auto response = problem(Problem::method_not_allowed);
    response.headers.push_back({"allow", "POST"});
    return responder.send(std::move(response));
  }
  if (!logouts_.admits(request.peer ? request.peer->address : "", rooms_.clock.now()))
    return responder.send(problem(Problem::overloaded_client, "Too many logouts from this address."));
  const auto generation = generation_;
  const auto found = generation->logouts.find(name);
  if (found == generation->logouts.end()) return responder.send(problem(Problem::not_found));
  if (!is_form(request) || !request.query.empty())
    return responder.send(refused("The request must be form-encoded, without a query."));
  const auto token = logout_token_in(request.body);
  if (!token) return responder.send(refused(token.error().message));

  connector::LogoutRequest logout{"*", new_uuid7(rooms_.clock, rooms_.random), {}};
  json::Writer(logout.credential).begin_object().member("logout_token", *token).end_object();
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  generation->connectors[found->second]->logout(
      std::move(logout), Deadline::after(rooms_.clock.now(), kLogoutTime), rooms_.home,
      [this, shared, generation, connector = std::string(name)](connector::Logout whose) {
        if (!whose) return shared->send(not_logged_out(whose.error()));
        end_sessions(connector, *whose, shared);
      });
}

// Of every tenant: what is over is the customer's login at the provider, wherever it counted.
void AgentApi::end_sessions(const std::string& connector, const connector::LoggedOut& whose,
                            const std::shared_ptr<http::Responder>& responder) {
  session::Revocation ended;
  ended.tenant = "*";
  ended.issuer = whose.issuer;
  if (whose.session.empty())
    ended.subject = whose.subject;
  else
    ended.upstream_session = whose.session;
  audit::Change change;
  const std::string by = "connector " + connector;
  change.action = "session.logout";
  change.by = by;
  change.tenant = ended.tenant;
  change.target = connector;
  rooms_.trail.change(change, poster(), [this, responder, ended, connector](Result<audit::Receipt> receipt) {
    if (!receipt) return responder->send(problem(Problem::audit_unavailable));
    const auto then = [this, responder, connector, receipt = *receipt](Result<void> done) {
      if (!done) {
        rooms_.trail.outcome(receipt, {audit::Ending::failed, {}, "session.not_stored"});
        return responder->send(refusal(done.error()));
      }
      rooms_.log.info("session.logged_out", {{"connector", connector}});
      responder->send(answered(200));
    };
    patience_.wait<void>(then, [&](auto told) { rooms_.sessions.end(ended, poster(), std::move(told)); });
  });
}

} // namespace plugboard::api
