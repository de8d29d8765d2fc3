// What stands at one place of the configuration, in our types. What the schema has refused already is passed over in
// silence here; what only sense can see becomes a fault. Pure.
#pragma once

#include "core/daemon/config.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::daemon {

using ConfigValue = json::TreeValue;

struct ConfigPlace { // what all readers of one file share
  const ConfigValue& root;
  const std::string& folder; // where relative paths start
  std::vector<json::Fault>& faults;

  void fault(std::string pointer, std::string message) const {
    faults.push_back({std::move(pointer), std::move(message)});
  }

  std::string absolute(const std::string& path) const;
  std::optional<SecretReference> secret(const ConfigValue& value, std::string pointer) const;
  std::optional<http::TcpEndpoint> endpoint(std::string_view pointer) const;
  std::optional<TlsConfig> tls(const std::string& pointer) const;
};

std::string text_at(const ConfigValue& root, std::string_view pointer, std::string_view otherwise = {});
std::int64_t number_at(const ConfigValue& root, std::string_view pointer, std::int64_t otherwise);
std::vector<std::string> texts_of(const ConfigValue* array);

struct SteadyPlace { // what a connector's part says of it, next to what it has said of itself
  const ConnectorConfig& connector;
  const ConfigPlace& place;
  const ConfigValue& value;
};

connector::SteadyRules read_steady_rules(const SteadyPlace& at); // config_steady.cpp
void read_admin(const ConfigPlace& place, AdminConfig& admin);   // config_admin.cpp
void read_clients(const ConfigPlace& place, Config& config); // config_clients.cpp; purposes and tls are there already

} // namespace plugboard::daemon
