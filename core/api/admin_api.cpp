#include "core/api/admin_api.hpp"

#include "core/api/problem.hpp"

namespace plugboard::api {

AdminApi::AdminApi(AdminRooms rooms, std::uint32_t own_uid, GenerationPtr generation)
    : rooms_(std::move(rooms)), own_uid_(own_uid), generation_(std::move(generation)) {}

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
  auto admin = speaker(request);
  if (!admin)
    return responder.send(problem(Problem::scope_missing, "Only the hub's own user and root may speak here."));
  answer(request, std::move(*admin), std::move(responder));
}

std::optional<Admin> AdminApi::speaker(const http::Request& request) const {
  const auto uid = request.peer ? request.peer->uid : std::nullopt;
  if (!uid || (*uid != 0 && *uid != own_uid_)) return std::nullopt;
  return Admin{"uid:" + std::to_string(*uid), Role::admin, ""};
}

void AdminApi::answer(const http::Request& request, Admin admin, http::Responder responder) {
  std::string allowed;
  for (const auto& route : admin_routes()) {
    auto path = match_path(route.path, request.path);
    if (!path) continue;
    if (route.method == request.method)
      return open_page(route, {rooms_, generation_, std::move(admin), request, std::move(*path), {}},
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
  if (!admin.may(route.role))
    return responder.send(
        problem(Problem::scope_missing, "This call needs the role " + std::string(name_of(route.role)) + "."));
  if (route.reach == Reach::hub && !admin.tenant.empty())
    return responder.send(
        problem(Problem::scope_missing, "This call is about the whole hub, and this admin of one tenant alone."));
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
