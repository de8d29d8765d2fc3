// One call of the admin API: how it is asked for, who may, and its page. The table of all of them is what decides; the
// published description, core/api/admin_openapi.json, is held against it both ways. [the daemon's own thread]
#pragma once

#include "core/api/admin.hpp"
#include "core/api/generation.hpp"
#include "core/api/parameters.hpp"
#include "core/audit/reports.hpp"
#include "core/audit/trail.hpp"
#include "core/http/server.hpp"
#include "core/json/reader.hpp"
#include "core/session/clients.hpp"
#include "core/session/sessions.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::api {

struct PluginListing {
  std::string file; // for what can't be used: its name below plugins_dir
  Result<connector::PluginFile> plugin;
};

struct AdminRooms { // what pages work with; references outlive the API
  session::Clients& clients;
  session::Sessions& sessions;
  audit::Trail& trail;
  audit::Reports* reports; // null: nothing is put on record
  context::Answers& answers;
  Log& log;
  Metrics& metrics;
  const Clock& clock;
  connector::Home& home;                               // where connectors are asked
  store::Poster poster;                                // back to the admin's thread
  std::function<std::vector<PluginListing>()> plugins; // what plugins_dir holds, read afresh
};

// One call on its way: views live until it is answered. A page that answers later copies what it then needs.
struct AdminVisit {
  const AdminRooms& rooms;
  GenerationPtr generation;
  Admin admin;
  const http::Request& request;
  json::Reader& reader; // for its body; free again once the page has begun
  Parameters path, query;

  // Whose things are asked for: ?tenant=, or the admin's own. Nothing: all tenants'. An admin of one tenant never gets
  // here for another's.
  std::optional<std::string_view> tenant() const;
  std::string one_tenant() const; // the same; "default" for nothing
};

using AdminPage = void (*)(const AdminVisit&, http::Responder);

struct AdminRoute {
  std::string_view method, path; // "/admin/v1/clients/{client}"
  Role role;                     // the least that may
  Reach reach;
  AdminPage page;
  std::vector<std::string_view> query{}; // the parameters it takes
};

const std::vector<AdminRoute>& admin_routes(); // by path

using SharedResponder = std::shared_ptr<http::Responder>; // std::function wants copyable captures

// Puts on record what this admin changes, then lets it happen; where it can't be put on record, it does not.
struct AdminChange {
  std::string_view action; // "client.add"
  std::string tenant, target;
  std::vector<std::pair<std::string_view, std::string_view>> details{};
};

void on_record(const AdminVisit& visit, const AdminChange& change, SharedResponder responder,
               std::function<void(audit::Receipt)> then);

std::string by(const Admin& admin); // for records: "admin ops", "user 0"

http::Response admin_page(std::string body, std::string_view type = "application/json");

} // namespace plugboard::api
