// Who speaks at the admin's side, and what that one may: a role, over the whole hub or within one tenant. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::api {

enum class Role : std::uint8_t { viewer = 1, op, admin }; // each may what those before it may

std::string_view name_of(Role role); // "viewer", "operator", "admin"
std::optional<Role> parse_role(std::string_view name);

// Whose a call's business is: one tenant's, or the whole hub's, which an admin of one tenant has no part in.
enum class Reach : std::uint8_t { tenant = 1, hub };

struct Admin {
  std::string id; // for records: "user 0" over the socket, else what the configuration calls it
  Role role = Role::viewer;
  std::string tenant; // empty: of the whole hub

  bool may(Role least) const { return role >= least; }

  bool sees(std::string_view other_tenant) const { return tenant.empty() || tenant == other_tenant; }
};

} // namespace plugboard::api
