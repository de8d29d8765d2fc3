#include "core/api/agent_api.hpp"

#include "core/api/allowance.hpp"
#include "core/api/bearer.hpp"
#include "core/api/openapi.hpp"
#include "core/api/problem.hpp"
#include "core/api/shedding.hpp"
#include "core/base/ids.hpp"
#include "core/base/processor_time.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace plugboard::api {

struct AgentApi::Route {
  std::string_view path, method;
  session::Scope scope;
  void (AgentApi::*page)(const http::Request&, http::Responder, Visit);
};

namespace {

constexpr Duration kTick = std::chrono::milliseconds(10); // see admit()

constexpr std::chrono::seconds kTell{10}; // of overload, in the log
constexpr std::string_view kOverloadedHelp =
    "Requests refused because the hub had too much under way: of this client's, of all, or of what is more critical";

constexpr std::string_view kLogout = "/v1/logout/"; // and a connector's name: no client's call

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
      limited(metrics.counter("plugboard_requests_limited_total", "Requests beyond a client's rate or quota")),
      shed(metrics.counter("plugboard_requests_shed_total",
                           "Requests of clients that asked for too many sessions that there are not")),
      overloaded_client(metrics.counter("plugboard_requests_overloaded_total", kOverloadedHelp, {{"by", "client"}})),
      overloaded_hub(metrics.counter("plugboard_requests_overloaded_total", kOverloadedHelp, {{"by", "hub"}})),
      overloaded_criticality(
          metrics.counter("plugboard_requests_overloaded_total", kOverloadedHelp, {{"by", "criticality"}})),
      paced(metrics.counter("plugboard_requests_paced_total",
                            "Requests of a client that asks for far more than others, which waited for their turn")),
      guesses_refused(metrics.counter("plugboard_guesses_refused_total",
                                      "Logins refused because too much was guessed at this customer from there")),
      sessions_created(metrics.counter("plugboard_sessions_total", "Authentications", {{"outcome", "created"}})),
      sessions_refused(metrics.counter("plugboard_sessions_total", "Authentications", {{"outcome", "refused"}})),
      context_seconds(metrics.histogram("plugboard_context_seconds", "From request to answer of a context")) {}

AgentApi::AgentApi(Rooms rooms, GenerationPtr generation)
    : rooms_(rooms), generation_(std::move(generation)), metrics_(rooms.metrics),
      patience_(rooms.home.io, rooms.clock, rooms.log, rooms.metrics),
      admission_(rooms.overload, processor_time_of_thread) {}

const AgentApi::Route* AgentApi::find_route(std::string_view path) {
  using session::Scope;
  static constexpr Route kRoutes[] = {
      {"/v1/context", "POST", Scope::context_read, &AgentApi::context},
      {"/v1/context/explain", "POST", Scope::context_explain, &AgentApi::explain},
      {"/v1/prefetch", "POST", Scope::context_read, &AgentApi::prefetch},
      {"/v1/prefetch/cancel", "POST", Scope::context_read, &AgentApi::call_off_prefetch},
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
  // What takes access away, or work, is never refused for want of room.
  const bool always = route && (route->page == &AgentApi::revoke || route->page == &AgentApi::call_off_prefetch);
  if (always) return let_in(request, std::move(responder), std::move(client), route, nullptr);
  enter(request, std::move(responder), std::move(client), route);
}

// Before its body is read, so that a refusal costs next to nothing.
void AgentApi::enter(const http::Request& request, http::Responder responder, session::ClientPtr client,
                     const Route* route) {
  const Instant now = rooms_.clock.now();
  auto [admitted, place, turn] = admission_.enter(*client, now - request.received, now);
  if (admitted == Admitted::yes)
    return let_in(request, std::move(responder), std::move(client), route, std::move(place));
  if (admitted == Admitted::later) return wait(turn - now, request, std::move(responder), std::move(client), route);
  (admitted == Admitted::not_this_client ? metrics_.overloaded_client : metrics_.overloaded_hub).add();
  turn_away(admitted, responder);
}

// For its turn. What the client has asked for stays where it is meanwhile; that it went away shows afterwards.
void AgentApi::wait(Duration time, const http::Request& request, http::Responder responder, session::ClientPtr client,
                    const Route* route) {
  metrics_.paced.add();

  struct Waiting {
    http::Responder responder;
    session::ClientPtr client;
    boost::asio::steady_timer timer;
  };

  auto waiting = std::make_shared<Waiting>(
      Waiting{std::move(responder), std::move(client), boost::asio::steady_timer(rooms_.home.io, time)});
  waiting->timer.async_wait([this, waiting, &request, route](boost::system::error_code error) {
    if (error) return;
    auto place = admission_.begin(*waiting->client);
    let_in(request, std::move(waiting->responder), std::move(waiting->client), route, std::move(place));
  });
}

void AgentApi::let_in(const http::Request& request, http::Responder responder, session::ClientPtr client,
                      const Route* route, Admission::PlacePtr place) {
  const bool asks_systems = route && (route->page == &AgentApi::context || route->page == &AgentApi::explain ||
                                      route->page == &AgentApi::prefetch);
  if (!admit(client, request, asks_systems, responder)) return;
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
  Visit visit{std::move(client), generation_, {}, std::move(place)};
  visit.trace = read_trace_context(request.header("traceparent"), request.header("tracestate"));
  (this->*route->page)(request, std::move(responder), std::move(visit));
}

// Within its rate and quota, and not to be shed. Whether a session is unknown, over, revoked or another's is not told
// by the time that it takes to say so: such an answer goes out a whole number of ticks after its request came.
bool AgentApi::admit(const session::ClientPtr& client, const http::Request& request, bool is_context,
                     http::Responder& responder) {
  if (!allow(*client, is_context, rooms_.clock, responder)) {
    metrics_.limited.add();
    return false;
  }
  if (sheds(*client, rooms_.sessions, request, rooms_.clock.now())) {
    metrics_.shed.add();
    responder.send(too_many("This client has asked for too many sessions that there are not.", 1));
    return false;
  }
  responder.even_out([this, client, received = request.received](std::function<void()> send) {
    const Instant now = rooms_.clock.now();
    count_unknown(*client, now);
    auto timer = std::make_shared<boost::asio::steady_timer>(rooms_.home.io);
    timer->expires_after(kTick - (now - received) % kTick);
    timer->async_wait([timer, send = std::move(send)](boost::system::error_code error) {
      if (!error) send();
    });
  });
  return true;
}

bool AgentApi::stay(const Visit& visit, const std::string& criticality, Instant received, http::Responder& responder) {
  const auto which = criticality_named(criticality.empty() ? visit.client->criticality : criticality);
  const auto admitted = admission_.stay(which, rooms_.clock.now() - received);
  if (admitted == Admitted::yes) return true;
  metrics_.overloaded_criticality.add();
  turn_away(admitted, responder);
  return false;
}

// They are told different times, lest they come back together.
void AgentApi::turn_away(Admitted why, http::Responder& responder) {
  const Instant now = rooms_.clock.now();
  const auto seconds = static_cast<std::int64_t>(1 + ++turned_away_ % 3);
  const bool is_client = why == Admitted::not_this_client;
  auto response = is_client ? too_many("The hub is busy, and this client has its share of it.", seconds)
                            : overloaded("The hub has too much to do just now.", seconds);
  responder.send(std::move(response));
  if (now - told_ < kTell) return;
  told_ = now;
  rooms_.log.warn("hub.overloaded", {{"under_way", admission_.under_way()},
                                     {"room", admission_.room()},
                                     {"turned_away", turned_away_},
                                     {"message", "more is asked than this hub's thread can answer; what is beyond is "
                                                 "refused with Retry-After"}});
}

std::optional<http::Response> AgentApi::guessed(const Attempt& attempt, const connector::Authenticated& step) {
  const Instant now = rooms_.clock.now();
  std::optional<http::Response> waits;
  if (!step && step.error().tried) {
    waits = too_many_guesses(rooms_.bad_tries, attempt, {*step.error().tried}, now);
    if (!waits) count_guess(rooms_.bad_tries, attempt, *step.error().tried, now);
  } else if (step) {
    if (const auto* proof = std::get_if<connector::Proof>(&*step))
      waits = too_many_guesses(rooms_.bad_tries, attempt, proof->identifiers, now);
  }
  if (!waits) return std::nullopt;
  metrics_.guesses_refused.add();
  rooms_.log.warn("session.too_many_guesses", {{"tenant", attempt.tenant}, {"connector", attempt.connector}});
  const auto by = "connector " + attempt.connector;
  rooms_.trail.refused({.action = "session.create", .by = by, .tenant = attempt.tenant}, "session.too_many_guesses");
  return waits;
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

void AgentApi::find(const std::string& token, const session::Client& client,
                    std::function<void(Result<session::AccessPtr>)> found) {
  patience_.wait<session::AccessPtr>(std::move(found), [&](auto told) {
    rooms_.sessions.find(token, client.tenant, client.id, poster(), std::move(told));
  });
}

store::Poster AgentApi::poster() const {
  return [&io = rooms_.home.io](std::function<void()> job) { boost::asio::post(io, std::move(job)); };
}

} // namespace plugboard::api
