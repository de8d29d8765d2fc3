#include "core/api/admin.hpp"

#include <utility>

namespace plugboard::api {

namespace {
constexpr std::pair<Role, std::string_view> kNames[] = {
    {Role::viewer, "viewer"}, {Role::op, "operator"}, {Role::admin, "admin"}};
} // namespace

std::string_view name_of(Role role) {
  for (const auto& [one, name] : kNames)
    if (one == role) return name;
  return {};
}

std::optional<Role> parse_role(std::string_view name) {
  for (const auto& [one, of_one] : kNames)
    if (of_one == name) return one;
  return std::nullopt;
}

} // namespace plugboard::api
