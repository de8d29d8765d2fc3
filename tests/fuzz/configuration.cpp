// The configuration file: whatever stands in it, all faults are found in one go, each said with its place; what has
// none yields values within their bounds.
#include "core/base/ids.hpp"
#include "core/connector/egress.hpp"
#include "core/connector/wildcard.hpp"
#include "core/daemon/config.hpp"
#include "core/json/pointer.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

void check(const daemon::Config& config) {
  require(!config.data_dir.empty() && config.data_dir.front() == '/', "paths are absolute");
  require(config.admin.socket.size() <= 107, "a socket's path fits");
  require(config.keys.contains(config.current_key), "the current key is there");
  for (const auto& client : config.clients) require(is_client_id(client.client.id), "a client's id is one");
  for (const auto& connector : config.connectors) {
    require(is_connector_name(connector.name), "a connector's name is one");
    require(json::read_document(connector.config, false).faults.empty(), "what a plugin gets is JSON");
    static_cast<void>(connector::Egress::make(connector.egress));
    std::vector<std::string> unasked;
    static_cast<void>(connector::wished(connector.egress, {"https:*", "tcp:*:5432"}, unasked));
  }
}

} // namespace

void fuzz(std::string_view input) {
  const auto read = daemon::read_config(input, "/etc/plugboard/plugboard.json");
  for (const auto& fault : read.faults) {
    require(!fault.message.empty(), "a fault says what is wrong");
    require(json::pointer_tokens(fault.pointer).has_value(), "and where, by a JSON Pointer");
  }
  if (read.faults.empty()) check(read.config);
}

} // namespace plugboard::fuzz
