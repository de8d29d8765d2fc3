#include "core/daemon/config.hpp"

#include "core/base/ids.hpp"
#include "core/daemon/config_values.hpp"
#include "core/json/pointer.hpp"
#include "core/json/schema.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace plugboard::daemon {

namespace {

using json::member;
using json::text_of;
using Value = json::TreeValue;

// Turns the schema's structure into our types. What the schema has refused already is passed over in silence here; what
// only sense can see is added.
class Reading {
 public:
  Reading(const Value& root, const std::string& path, std::vector<json::Fault>& faults) : root_(root), faults_(faults) {
    config.folder = std::filesystem::absolute(path).parent_path().lexically_normal().string();
  }

  void read() {
    places();
    keys();
    config.purposes = texts_of(member(root_, "purposes"));
    config.blocked_identifiers = texts_of(json::at_pointer(root_, "/identifiers/blocked"));
    for (std::size_t i = 0; i < config.blocked_identifiers.size(); ++i)
      if (config.blocked_identifiers[i].find_first_not_of("*") == std::string::npos)
        fault("/identifiers/blocked/" + std::to_string(i),
              "would leave no customer any name; say what stands beside *");
    if (const auto* policy = member(root_, "policy")) config.policy = policy::read_rules(*policy, faults_);
    config.sessions.absolute = std::chrono::seconds(number_at(root_, "/sessions/absolute_s", 12 * 3600));
    config.sessions.idle = std::chrono::seconds(number_at(root_, "/sessions/idle_s", 30 * 60));
    config.sessions.step_up = std::chrono::seconds(number_at(root_, "/sessions/step_up_s", 15 * 60));
    config.audit = read_audit_config(root_, faults_);
    config.cache_bytes = static_cast<std::size_t>(number_at(root_, "/cache/max_bytes", std::int64_t{64} << 20));
    config.drain_time = std::chrono::milliseconds(number_at(root_, "/drain_ms", 10'000));
    config.log_level = text_at(root_, "/log/level", "info");
    read_clients(place_, config);
    if (const auto* connectors = member(root_, "connectors"); connectors && connectors->IsObject())
      for (const auto& entry : connectors->GetObject())
        if (entry.value.IsObject()) connector(std::string(text_of(entry.name)), entry.value);
  }

  Config config;

 private:
  void fault(std::string pointer, std::string message) { faults_.push_back({std::move(pointer), std::move(message)}); }

  void places() {
    if (auto agents = place_.endpoint("/agents/listen")) config.agents = *agents;
    config.tls = place_.tls("/agents/tls");
    config.threads = static_cast<unsigned>(number_at(root_, "/agents/threads", 0));
    limits();
    overload();
    read_admin(place_, config.admin);
    config.data_dir = place_.absolute(text_at(root_, "/data_dir"));
    config.plugins_dir = place_.absolute(text_at(root_, "/plugins_dir"));
    config.upstreams_ca = place_.absolute(text_at(root_, "/upstreams/tls/ca/file"));
    name_servers();
    sandbox();
  }

  void sandbox() {
    for (const auto& name : texts_of(json::at_pointer(root_, "/sandbox/without")))
      if (const auto layer = wire::layer_named(name)) config.sandbox_without.push_back(*layer);
    auto& without = config.sandbox_without;
    std::sort(without.begin(), without.end());
    without.erase(std::unique(without.begin(), without.end()), without.end());
  }

  void name_servers() {
    config.name_servers.addresses = texts_of(json::at_pointer(root_, "/upstreams/dns/servers"));
    const auto& addresses = config.name_servers.addresses;
    for (std::size_t i = 0; i < addresses.size(); ++i)
      if (const auto checked = http::check_name_server(addresses[i]); !checked)
        fault("/upstreams/dns/servers/" + std::to_string(i), checked.error().message);
  }

  void limits() {
    auto& limits = config.agent_limits;
    const auto count = [&](const char* pointer, std::size_t otherwise) {
      return static_cast<std::size_t>(number_at(root_, pointer, static_cast<std::int64_t>(otherwise)));
    };
    const auto time = [&](const char* pointer, std::chrono::milliseconds otherwise) {
      return std::chrono::milliseconds(number_at(root_, pointer, otherwise.count()));
    };
    limits.connections = count("/agents/limits/connections", limits.connections);
    limits.connections_per_address = count("/agents/limits/connections_per_address", limits.connections_per_address);
    limits.header_time = limits.body_time = time("/agents/limits/request_ms", limits.header_time);
    limits.write_time = time("/agents/limits/answer_ms", limits.write_time);
    limits.idle_time = time("/agents/limits/idle_ms", limits.idle_time);
  }

  void overload() {
    auto& overload = config.overload;
    overload.queue = std::chrono::milliseconds(number_at(root_, "/overload/queue_ms", 15));
    overload.most = static_cast<std::size_t>(
        number_at(root_, "/overload/under_way_per_thread", static_cast<std::int64_t>(overload.most)));
    overload.least = std::min(overload.least, overload.most);
    overload.few = std::min(overload.few, overload.most);
  }

  void keys() {
    const auto* keys = member(root_, "keys");
    if (!keys || !keys->IsObject()) return;
    config.current_key = text_at(root_, "/keys/current");
    for (const auto& entry : keys->GetObject()) {
      std::string name(text_of(entry.name));
      if (name == "current") continue;
      if (auto reference = place_.secret(entry.value, json::pointer_append("/keys", name)))
        config.keys.emplace(name, *reference);
    }
    if (!config.current_key.empty() && !config.keys.contains(config.current_key))
      fault("/keys/current", "names \"" + config.current_key + "\", which is not among the keys; add \"" +
                                 config.current_key + "\": {\"file\": \"PATH\"} beside it");
  }

  void connector(const std::string& name, const Value& value) {
    ConnectorConfig read;
    read.name = name;
    read.pointer = json::pointer_append("/connectors", name);
    if (!is_connector_name(name))
      fault(
          read.pointer,
          "a connector's name must be a lower-case letter, then at most 31 lower-case letters, digits or underscores");
    auto plugin = text_at(value, "/plugin");
    auto at = plugin.find('@');
    read.plugin = plugin.substr(0, at);
    if (at != std::string::npos) read.version = plugin.substr(at + 1);
    read.isolation = isolation(value);
    read.timeout = std::chrono::milliseconds(number_at(value, "/timeout_ms", 10'000));
    read.max_concurrency = static_cast<unsigned>(number_at(value, "/max_concurrency", 0));
    read.assurance = parse_assurance(text_at(value, "/assurance", "aal1")).value_or(Assurance::aal1);
    read.egress = texts_of(json::at_pointer(value, "/grants/egress"));
    read.networks = texts_of(json::at_pointer(value, "/grants/networks"));
    read.files = texts_of(json::at_pointer(value, "/grants/files"));
    rates(member(value, "rate_limit"), read);
    read.health_every = std::chrono::milliseconds(number_at(value, "/health/every_ms", 30'000));
    read.steady = read_steady_rules({read, place_, value});
    read.limits = limits_of(value);
    read.cache = read_cache_config(value);
    read.from = sections_by_input(member(value, "from"));
    plugin_config(member(value, "config"), read);
    config.connectors.push_back(std::move(read));
  }

  static std::map<std::string, std::string> sections_by_input(const Value* from) { // texts; the schema has said so
    std::map<std::string, std::string> sections;
    if (!from || !from->IsObject()) return sections;
    for (const auto& entry : from->GetObject())
      if (entry.value.IsString()) sections.emplace(text_of(entry.name), text_of(entry.value));
    return sections;
  }

  static void rates(const Value* limit, ConnectorConfig& read) { // what the schema refused is no rate here either
    if (!limit || !limit->IsObject()) return;
    static_cast<void>(connector::read_rate(*limit, read.rates.each));
    const auto* some = member(*limit, "upstreams");
    if (!some || !some->IsObject()) return;
    for (const auto& entry : some->GetObject())
      if (connector::Rate rate; entry.value.IsObject() && connector::read_rate(entry.value, rate))
        read.rates.of_some.emplace(text_of(entry.name), rate);
  }

  static LimitsConfig limits_of(const Value& value) {
    const auto limit = [&](const char* pointer) {
      const auto number = number_at(value, pointer, -1);
      return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
    };
    LimitsConfig limits{{}, limit("/limits/threads"), limit("/limits/descriptors"), limit("/limits/cpu_percent")};
    if (const auto memory = limit("/limits/memory_mb")) limits.memory_bytes = std::uint64_t{*memory} << 20;
    return limits;
  }

  connector::Isolation isolation(const Value& value) {
    const auto name = text_at(value, "/isolation");
    if (name == "in_process") return connector::Isolation::in_process;
    return name == "require" ? connector::Isolation::require : connector::Isolation::worker; // also when left out
  }

  // The plugin gets {"secret": HANDLE} where a secret is referred to; the handle is its place in the configuration.
  void plugin_config(const Value* value, ConnectorConfig& read) {
    read.config_as_written = value ? json::to_text(*value) : "{}";
    auto copy = value ? json::copy_of(*value) : json::Tree(rapidjson::kObjectType);
    replace_secrets(copy, copy, read, "");
    read.config = json::to_text(copy);
  }

  void replace_secrets(Value& value, json::Tree& document, ConnectorConfig& read, const std::string& at) {
    if (value.IsArray()) {
      for (rapidjson::SizeType i = 0; i < value.Size(); ++i)
        replace_secrets(value[i], document, read, at + "/" + std::to_string(i));
    } else if (value.IsObject()) {
      auto reference = value.MemberCount() == 1 ? place_.secret(value, read.pointer + "/config" + at) : std::nullopt;
      if (!reference) {
        auto entry = value.MemberBegin(); // RapidJSON's != is ambiguous in C++20 where members may be changed
        for (rapidjson::SizeType i = 0; i < value.MemberCount(); ++i, ++entry)
          replace_secrets(entry->value, document, read, json::pointer_append(at, text_of(entry->name)));
        return;
      }
      read.secrets.emplace(at, *reference);
      value.RemoveAllMembers();
      value.AddMember("secret", Value(at.c_str(), static_cast<rapidjson::SizeType>(at.size()), document.GetAllocator()),
                      document.GetAllocator());
    }
  }

  const Value& root_;
  std::vector<json::Fault>& faults_;
  const ConfigPlace place_{root_, config.folder, faults_};
};

} // namespace

ReadConfig read_config(std::string_view text, const std::string& path) {
  ReadConfig read;
  auto document = json::read_document(text, true);
  read.faults = std::move(document.faults);
  if (document.tree.IsNull()) {
    if (read.faults.empty()) read.faults.push_back({"", "must be a JSON object"});
    return read;
  }
  auto schema = json::Schema::compile(config_schema()).value(); // ours: compiled by every test
  for (auto& fault : schema.check(document.tree)) read.faults.push_back(std::move(fault));
  if (!document.tree.IsObject()) return read;
  Reading reading(document.tree, path, read.faults);
  reading.read();
  read.config = std::move(reading.config);
  return read;
}

} // namespace plugboard::daemon
