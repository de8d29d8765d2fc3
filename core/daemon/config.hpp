// The configuration file, read: typed, checked against the published schema, every fault found in one go with its place
// and what to do about it. Values; secrets are still references.
#pragma once

#include "core/api/admin.hpp"
#include "core/api/admission.hpp"
#include "core/base/assurance.hpp"
#include "core/connector/containment.hpp"
#include "core/connector/rate.hpp"
#include "core/connector/section_spec.hpp"
#include "core/connector/steady_rules.hpp"
#include "core/daemon/config_audit.hpp"
#include "core/daemon/config_cache.hpp"
#include "core/http/resolver.hpp"
#include "core/http/server.hpp"
#include "core/http/tls_identity.hpp"
#include "core/json/document.hpp"
#include "core/policy/rule.hpp"
#include "core/session/certificate_rule.hpp"
#include "core/session/client.hpp"
#include "core/session/sessions.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::daemon {

struct SecretReference { // {"env": "NAME"} or {"file": "PATH"}
  enum class Kind : std::uint8_t { env = 1, file };
  Kind kind = Kind::env;
  std::string name;    // of the variable, or the path, absolute
  std::string pointer; // where it stands in the configuration
  friend bool operator==(const SecretReference&, const SecretReference&) = default;
};

struct ClientConfig { // known by a key, a certificate, or either of them
  session::Client client;
  std::optional<SecretReference> key, previous_key; // either is good
  std::optional<session::CertificateRule> certificate;
  std::string pointer; // "/clients/0"
};

struct TlsConfig { // of a listener; PEM
  SecretReference certificate, key;
  std::optional<SecretReference> client_ca;
  http::ClientCertificates client_certificates = http::ClientCertificates::none;
};

struct AdminKeyConfig {
  api::Admin admin;
  SecretReference key;
  std::optional<SecretReference> previous_key;
  std::string pointer; // "/admin/keys/0"
};

struct AdminConfig {
  std::string socket; // absolute
  std::optional<http::TcpEndpoint> metrics;
  std::optional<http::TcpEndpoint> listen; // where admins come over TCP, with a key
  std::optional<TlsConfig> tls;            // there
  std::vector<AdminKeyConfig> keys;
};

struct LimitsConfig { // none: see connector::Settings
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint32_t> threads, descriptors, cpu_percent;
};

struct ConnectorConfig {
  std::string name;
  std::string plugin, version; // version empty: the highest
  Duration timeout = std::chrono::seconds(10);
  Assurance assurance = Assurance::aal1; // of its sections
  connector::Isolation isolation = connector::Isolation::worker;
  unsigned max_concurrency = 0; // 0: the plugin's own
  Duration health_every = std::chrono::seconds(30);
  connector::SteadyRules steady;
  std::string config_as_written = "{}"; // JSON object, secrets as references: what the plugin's schema is held against
  std::string config = "{}";            // the same for the plugin: secrets replaced by {"secret": "HANDLE"}
  std::map<std::string, SecretReference> secrets;   // by handle
  std::vector<std::string> egress, networks, files; // grants, as written
  connector::UpstreamRates rates;
  LimitsConfig limits; // of its worker
  CacheConfig cache;
  std::map<std::string, std::string> from; // inputs of its derived sections: by the plugin's name, the section
  std::string pointer;                     // "/connectors/crm"
};

struct Config {
  std::string folder; // of the file, absolute: relative paths start here
  http::TcpEndpoint agents;
  std::optional<TlsConfig> tls; // of agents; none: plain HTTP
  http::ServerLimits agent_limits;
  AdminConfig admin;
  std::string data_dir, plugins_dir; // absolute
  unsigned threads = 0;              // serving agents; 0: one a core
  api::AdmissionLimits overload;     // of each of them
  Duration drain_time = std::chrono::seconds(10);
  std::string log_level = "info";
  std::string current_key;
  std::map<std::string, SecretReference> keys;
  std::vector<std::string> purposes;
  std::vector<std::string> blocked_identifiers;    // patterns, besides those that every hub knows
  std::optional<std::vector<policy::Rule>> policy; // none: a client sees the sections it may name whole
  session::SessionLimits sessions;
  std::size_t cache_bytes = std::size_t{64} << 20; // that all kept answers take at most
  AuditConfig audit;
  std::vector<ClientConfig> clients;
  std::vector<ConnectorConfig> connectors;  // declared order
  std::string upstreams_ca;                 // absolute; empty: the system's authorities
  http::NameServers name_servers;           // that upstreams' names are asked of
  std::vector<wire::Layer> sandbox_without; // in the layers' order, each once
};

struct ReadConfig {
  Config config;                   // meaningful only without faults
  std::vector<json::Fault> faults; // all of them
};

// path: of the file, for relative paths in it. text: its bytes. Pure: touches no other file.
ReadConfig read_config(std::string_view text, const std::string& path);

std::string_view config_schema(); // the published schema, core/daemon/config.schema.json

} // namespace plugboard::daemon
