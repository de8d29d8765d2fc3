#include "core/daemon/config_values.hpp"
#include "core/json/pointer.hpp"

#include <set>

namespace plugboard::daemon {

namespace {

using json::member;

std::optional<AdminKeyConfig> read_key(const ConfigPlace& place, const ConfigValue& value, std::string pointer) {
  AdminKeyConfig read;
  read.pointer = std::move(pointer);
  const auto role = api::parse_role(text_at(value, "/role"));
  const auto* key = member(value, "key");
  const auto reference = key ? place.secret(*key, read.pointer + "/key") : std::nullopt;
  if (!role || !reference) return std::nullopt; // the schema has said so
  read.admin = {text_at(value, "/id"), *role, text_at(value, "/tenant")};
  read.key = *reference;
  if (const auto* previous = member(value, "previous_key"))
    read.previous_key = place.secret(*previous, read.pointer + "/previous_key");
  return read;
}

void read_keys(const ConfigPlace& place, AdminConfig& admin) {
  const auto* keys = json::at_pointer(place.root, "/admin/keys");
  if (!keys || !keys->IsArray()) return;
  std::set<std::string> ids;
  for (rapidjson::SizeType i = 0; i < keys->Size(); ++i) {
    auto read = read_key(place, (*keys)[i], "/admin/keys/" + std::to_string(i));
    if (!read) continue;
    if (!ids.insert(read->admin.id).second)
      place.fault(read->pointer + "/id", "a second admin \"" + read->admin.id + "\"; give each an id of its own");
    admin.keys.push_back(std::move(*read));
  }
}

bool is_loopback(const http::TcpEndpoint& endpoint) {
  return endpoint.address.starts_with("127.") || endpoint.address == "::1";
}

} // namespace

void read_admin(const ConfigPlace& place, AdminConfig& admin) {
  admin.metrics = place.endpoint("/admin/metrics");
  admin.socket = place.absolute(text_at(place.root, "/admin/socket"));
  if (admin.socket.size() > 107)
    place.fault("/admin/socket",
                "is longer than the 107 bytes that a Unix socket's path may have; choose a shorter one");
  admin.listen = place.endpoint("/admin/listen");
  admin.tls = place.tls("/admin/tls");
  read_keys(place, admin);
  if (admin.listen && admin.keys.empty())
    place.fault("/admin/listen", "nobody could speak there without \"keys\" beside it; add one, or take this away");
  if (!admin.listen && (!admin.keys.empty() || admin.tls))
    place.fault("/admin", "\"keys\" and \"tls\" are for \"listen\", where admins come over TCP; add it beside, or take "
                          "them away");
  if (admin.listen && !admin.tls && !is_loopback(*admin.listen))
    place.fault("/admin/listen", "admins' keys would cross the network in the clear: add \"tls\" beside it, or listen "
                                 "on 127.0.0.1");
}

} // namespace plugboard::daemon
