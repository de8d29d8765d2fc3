#include "core/api/admin_api.hpp"

#include "core/api/bearer.hpp"
#include "core/api/problem.hpp"

namespace plugboard::api {

AdminApi::AdminApi(AdminRooms rooms, std::uint32_t own_uid, GenerationPtr generation, AdminKeys keys)
    : rooms_(std::move(rooms)), own_uid_(own_uid), generation_(std::move(generation)), keys_(std::move(keys)) {}

void AdminApi::serve(GenerationPtr generation, AdminKeys keys) {
  generation_ = std::move(generation);
  keys_ = std::move(keys);
}

void AdminApi::handle_metrics_only(const http::Request& request, http::Responder responder) {
  if (request.path != "/metrics") return responder.send(problem(Problem::not_found));
  if (request.method != "GET") {
    auto response = problem(Problem::method_not_allowed);
    response.headers.push_back({"allow", "GET"});
    return responder.send(std::move(response));
  }
  responder.send(admin_page(rooms_.metrics.text(), "text/plain; version=0.0.4; charset=utf-8"));
}

void AdminApi::handle(const http::Request& request, http::Responder responder) {
  if (auto admin = speaker(request)) return answer(request, std::move(*admin), std::move(responder));
  if (request.peer && request.peer->uid)
    return responder.send(problem(Problem::scope_missing, "Only the hub's own user and root may speak here."));
  turn_away(request, std::move(responder));
}

// Whoever goes on guessing is no longer put on record. A good key is not kept waiting for that.
void AdminApi::turn_away(const http::Request& request, http::Responder responder) {
  const std::string address = request.peer ? request.peer->address : "";
  const session::Trial trial{"", "admin", "", address};
  const Instant now = rooms_.clock.now();
  if (const auto wait = bad_tries_.wait(trial, now); wait > Duration::zero())
    return responder.send(too_many("Too many keys that are no admin's came from here.",
                                   std::chrono::ceil<std::chrono::seconds>(wait).count()));
  if (bearer(request).said) {
    bad_tries_.count(trial, now);
    const auto from = "address " + address;
    rooms_.trail.refused({.action = "admin.call", .by = from}, "admin.key_unknown");
    rooms_.log.warn("admin.key_unknown", {{"address", address}});
  }
  responder.send(problem(Problem::client_unknown, "Send \"Authorization: Bearer KEY\" with an admin's key."));
}

std::optional<Admin> AdminApi::speaker(const http::Request& request) const {
  const auto uid = request.peer ? request.peer->uid : std::nullopt;
  if (!uid) return keys_.find(bearer(request).key);
  if (*uid != 0 && *uid != own_uid_) return std::nullopt;
  return Admin{"user " + std::to_string(*uid), Role::admin, ""};
}

void AdminApi::answer(const http::Request& request, Admin admin, http::Responder responder) {
  std::string allowed;
  for (const auto& route : admin_routes()) {
    auto path = match_path(route.path, request.path);
    if (!path) continue;
    if (route.method == request.method)
      return open_page(route, {rooms_, generation_, std::move(admin), request, reader_, std::move(*path), {}},
                       std::move(responder));
    allowed.append(allowed.empty() ? "" : ", ").append(route.method);
  }
  if (allowed.empty()) return responder.send(problem(Problem::not_found));
  auto response = problem(Problem::method_not_allowed);
  response.headers.push_back({"allow", std::move(allowed)});
  responder.send(std::move(response));
}

void AdminApi::open_page(const AdminRoute& route, AdminVisit visit, http::Responder responder) const {
  const auto& admin = visit.admin;
  const auto refuse = [&](std::string_view why, std::string_view words) {
    const auto who = by(admin);
    rooms_.trail.refused({.action = "admin.call", .by = who, .tenant = admin.tenant, .target = route.path}, why);
    responder.send(problem(Problem::scope_missing, words));
  };
  if (!admin.may(route.role))
    return refuse("admin.role", "This call needs the role " + std::string(name_of(route.role)) + ".");
  if (route.reach == Reach::hub && !admin.tenant.empty())
    return refuse("admin.reach", "This call is about the whole hub, and this admin of one tenant alone.");
  auto query = read_query(visit.request.query, route.query);
  if (!query) return responder.send(problem(Problem::invalid_request, query.error().message));
  visit.query = std::move(*query);
  if (visit.request.method == "GET" && !visit.request.body.empty())
    return responder.send(problem(Problem::invalid_request, "This call takes no body."));
  // Another tenant's things look to this admin as if they did not exist.
  if (const auto asked = visit.query.find("tenant"); asked && !admin.sees(*asked))
    return responder.send(problem(Problem::not_found));
  route.page(visit, std::move(responder));
}

} // namespace plugboard::api
