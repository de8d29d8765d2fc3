#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"

namespace plugboard::api {

const std::vector<AdminRoute>& admin_routes() {
  static const std::vector<AdminRoute> kRoutes{
      {"GET",
       "/admin/v1/audit",
       Role::op,
       Reach::tenant,
       list_audit,
       {"tenant", "customer", "client", "kind", "from", "to", "after", "most"}},
      {"GET", "/admin/v1/audit/verify", Role::op, Reach::hub, verify_audit, {"segment"}},
      {"GET", "/admin/v1/cache", Role::viewer, Reach::hub, show_cache},
      {"POST", "/admin/v1/cache/purge", Role::op, Reach::tenant, purge_cache},
      {"GET", "/admin/v1/clients", Role::viewer, Reach::tenant, list_clients, {"tenant"}},
      {"POST", "/admin/v1/clients", Role::admin, Reach::tenant, add_client},
      {"DELETE", "/admin/v1/clients/{client}", Role::admin, Reach::tenant, remove_client, {"tenant"}},
      {"POST", "/admin/v1/clients/{client}/rotate", Role::admin, Reach::tenant, rotate_client, {"tenant"}},
      {"GET", "/admin/v1/connectors", Role::viewer, Reach::hub, list_connectors},
      {"POST", "/admin/v1/customers/{customer}/erase", Role::admin, Reach::tenant, erase_customer},
      {"POST", "/admin/v1/customers/{customer}/export", Role::admin, Reach::tenant, export_customer},
      {"GET", "/admin/v1/openapi.json", Role::viewer, Reach::tenant, show_admin_openapi},
      {"GET", "/admin/v1/plugins", Role::viewer, Reach::hub, list_plugins},
      {"GET", "/admin/v1/policy", Role::viewer, Reach::tenant, show_policy},
      {"GET",
       "/admin/v1/policy/explain",
       Role::viewer,
       Reach::tenant,
       explain_policy,
       {"tenant", "client", "section", "purpose", "assurance", "age_s"}},
      {"POST", "/admin/v1/policy/test", Role::viewer, Reach::tenant, test_policy},
      {"GET",
       "/admin/v1/sessions",
       Role::viewer,
       Reach::tenant,
       list_sessions,
       {"tenant", "session", "customer", "client", "after"}},
      {"POST", "/admin/v1/sessions/revoke", Role::op, Reach::tenant, revoke_sessions},
      {"GET", "/metrics", Role::viewer, Reach::hub, show_metrics},
  };
  return kRoutes;
}

std::optional<std::string_view> AdminVisit::tenant() const {
  if (const auto asked = query.find("tenant")) return asked;
  if (admin.tenant.empty()) return std::nullopt;
  return admin.tenant;
}

std::string AdminVisit::one_tenant() const {
  return std::string(tenant().value_or("default"));
}

std::string by(const Admin& admin) {
  return admin.id.starts_with("user ") ? admin.id : "admin " + admin.id;
}

void on_record(const AdminVisit& visit, const AdminChange& change, SharedResponder responder,
               std::function<void(audit::Receipt)> then) {
  const auto who = by(visit.admin);
  audit::Change record{change.action, who, change.tenant};
  record.target = change.target;
  record.details = change.details;
  visit.rooms.log.info("admin.change",
                       {{"action", change.action}, {"tenant", change.tenant}, {"target", change.target}, {"by", who}});
  visit.rooms.trail.change(record, visit.rooms.poster,
                           [responder = std::move(responder), then = std::move(then)](Result<audit::Receipt> receipt) {
                             if (!receipt) return responder->send(problem(Problem::audit_unavailable));
                             then(std::move(*receipt));
                           });
}

http::Response admin_page(std::string body, std::string_view type) {
  http::Response response;
  response.content_type = type;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = std::move(body);
  return response;
}

} // namespace plugboard::api
