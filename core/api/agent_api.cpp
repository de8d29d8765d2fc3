#include "core/api/agent_api.hpp"

#include "core/api/openapi.hpp"
#include "core/api/problem.hpp"
#include "core/base/ids.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace plugboard::api {

struct AgentApi::Route {
  std::string_view path, method;
  session::Scope scope;
  void (AgentApi::*page)(const http::Request&, http::Responder, Visit);
};

namespace {

struct Bearer { // what a request says in Authorization
  bool said = false;
  std::string_view key; // empty when it says no key, or two: which of them counts would be a guess
};

Bearer bearer(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  std::string_view value;
  std::size_t said = 0;
  for (const auto& [name, text] : request.headers)
    if (name == "authorization") {
      value = text;
      ++said;
    }
  const bool is_bearer = said == 1 && value.size() > kScheme.size() &&
                         std::equal(kScheme.begin(), kScheme.end(), value.begin(), [](char wanted, char c) {
                           return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
                         });
  return {said > 0, is_bearer ? value.substr(kScheme.size()) : std::string_view()};
}

constexpr std::string_view kLogout = "/v1/logout/"; // and a connector's name: no client's call

// W3C Trace Context, version 00: passed on as it came or not at all.
bool is_traceparent(std::string_view text) {
  constexpr std::string_view kForm = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (kForm[i] == '-' ? text[i] != '-' : !hex) return false;
  }
  return !text.starts_with("ff");
}

// Either will do here: the page asks for the one that the request's words need.
constexpr session::Scope kCreateOrAssert = session::Scope(static_cast<std::uint32_t>(session::Scope::session_create) |
                                                          static_cast<std::uint32_t>(session::Scope::session_assert));

std::string name_of_scope(session::Scope wanted) {
  if (wanted == kCreateOrAssert) return "session:create";
  for (const auto& [scope, name] : session::scope_names())
    if (scope == wanted) return std::string(name);
  return {};
}

http::Response json_page(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

} // namespace

AgentMetrics::AgentMetrics(Metrics& metrics)
    : context_complete(metrics.counter("plugboard_contexts_total", "Contexts answered", {{"complete", "true"}})),
      context_partial(metrics.counter("plugboard_contexts_total", "Contexts answered", {{"complete", "false"}})),
      identifier_conflicts(metrics.counter("plugboard_identifier_conflicts_total",
                                           "Identifiers that two systems, or one with itself, disagreed on")),
      sessions_created(metrics.counter("plugboard_sessions_total", "Authentications", {{"outcome", "created"}})),
      sessions_refused(metrics.counter("plugboard_sessions_total", "Authentications", {{"outcome", "refused"}})),
      context_seconds(metrics.histogram("plugboard_context_seconds", "From request to answer of a context")) {}

AgentApi::AgentApi(Rooms rooms, GenerationPtr generation)
    : rooms_(rooms), generation_(std::move(generation)), metrics_(rooms.metrics) {}

const AgentApi::Route* AgentApi::find_route(std::string_view path) {
  using session::Scope;
  static constexpr Route kRoutes[] = {
      {"/v1/context", "POST", Scope::context_read, &AgentApi::context},
      {"/v1/sections", "GET", Scope::context_read, &AgentApi::sections},
      {"/v1/sessions", "POST", kCreateOrAssert, &AgentApi::create_session},
      {"/v1/sessions/handoff", "POST", Scope::session_handoff, &AgentApi::hand_off},
      {"/v1/sessions/introspect", "POST", Scope::session_read, &AgentApi::introspect},
      {"/v1/sessions/redeem", "POST", Scope::session_create, &AgentApi::redeem},
      {"/v1/sessions/revoke", "POST", Scope::session_create, &AgentApi::revoke},
  };
  for (const auto& route : kRoutes)
    if (route.path == path) return &route;
  return nullptr;
}

void AgentApi::handle(const http::Request& request, http::Responder responder) {
  if (serve_open_page(request, responder)) return;
  if (request.path.starts_with(kLogout))
    return log_out(request, request.path.substr(kLogout.size()), std::move(responder));
  auto client = caller(request);
  if (!client)
    return responder.send(problem(Problem::client_unknown,
                                  "Send \"Authorization: Bearer KEY\" with this client's key, or connect with its "
                                  "certificate; of two clients' neither counts."));
  const auto* route = find_route(request.path);
  if (!route) return responder.send(problem(Problem::not_found));
  if (request.method != route->method) {
    auto response = problem(Problem::method_not_allowed);
    response.headers.push_back({"allow", std::string(route->method)});
    return responder.send(std::move(response));
  }
  if (!client->may(route->scope))
    return responder.send(
        problem(Problem::scope_missing, "This call needs the scope " + name_of_scope(route->scope) + "."));
  if (!request.query.empty()) return responder.send(problem(Problem::invalid_request, "This call takes no query."));
  Visit visit{std::move(client), generation_, {}};
  if (auto parent = request.header("traceparent"); parent && is_traceparent(*parent)) visit.traceparent = *parent;
  (this->*route->page)(request, std::move(responder), std::move(visit));
}

// By its key, by the certificate of its connection, or by both when they are one client's. A certificate that is no
// client's takes nothing from a key: it may be a proxy's.
session::ClientPtr AgentApi::caller(const http::Request& request) const {
  const auto said = bearer(request);
  const auto certificate = request.peer ? request.peer->certificate : nullptr;
  std::vector<session::ClientPtr> certified;
  if (certificate && rooms_.clock.wall() < certificate->not_after) // connections and sessions may outlive it
    certified = rooms_.clients.find(*certificate);
  if (!said.said) return certified.size() == 1 ? certified.front() : nullptr;
  auto client = rooms_.clients.find(said.key);
  const auto is_caller = [&](const session::ClientPtr& one) {
    return one->tenant == client->tenant && one->id == client->id;
  };
  if (client && !certified.empty() && std::none_of(certified.begin(), certified.end(), is_caller)) return nullptr;
  return client;
}

// What anybody may see: alive, ready, how to ask. Nothing more.
bool AgentApi::serve_open_page(const http::Request& request, http::Responder& responder) {
  bool is_open = request.path == "/healthz" || request.path == "/readyz" || request.path == "/openapi.json";
  if (!is_open) return false;
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = problem(Problem::method_not_allowed);
    response.headers.push_back({"allow", "GET, HEAD"});
    responder.send(std::move(response));
  } else if (request.path == "/openapi.json") {
    responder.send(json_page(std::string(openapi_document())));
  } else if (request.path == "/readyz" && !ready_) {
    responder.send(problem(Problem::overloaded, "This hub is stopping."));
  } else if (request.path == "/readyz" && !rooms_.sessions.stores()) {
    responder.send(problem(Problem::overloaded, "This hub's disk failed; it must be mended and the hub restarted."));
  } else {
    responder.send(json_page(R"({"status":"ok"})"));
  }
  return true;
}

store::Poster AgentApi::poster() const {
  return [&io = rooms_.home.io](std::function<void()> job) { boost::asio::post(io, std::move(job)); };
}

} // namespace plugboard::api
