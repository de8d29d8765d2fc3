// From configuration to one generation: secrets resolved, plugins found and judged, sections put into their graph, then
// connectors started. What did not change since the generation before is carried over as it runs. [start-up and reload:
// the daemon's own thread; may block]
#pragma once

#include "core/api/admin_keys.hpp"
#include "core/api/generation.hpp"
#include "core/base/random.hpp"
#include "core/daemon/config.hpp"
#include "core/session/clients.hpp"

#include <functional>

namespace plugboard::daemon {

// The environment and files that secrets come from; injected for tests.
using ResolveSecret = std::function<Result<Secret>(const SecretReference&)>;
ResolveSecret system_secrets();

// Everything about a configuration that can be judged without running any plugin's code: plugins there and loadable,
// their configuration schemas, sections, shapes, needs and yields, grants, secrets there. Appends all faults.
struct Judged {
  std::vector<connector::Settings> connectors; // declared order, those without faults
  std::vector<context::SourceSpec> answers;    // by connector: how they may be kept
  std::vector<std::string> config_hash;        // by connector: equal means nothing it sees has changed
  std::shared_ptr<const context::Catalog> catalog;
  policy::PolicyPtr policy; // null when there is no catalog
  std::vector<session::ConfiguredClient> clients;
  std::map<std::string, Secret> keys;
  std::shared_ptr<const connector::IdentifierRules> identifier_rules;
  std::vector<api::ConfiguredAdmin> admins;
  http::TlsIdentityPtr tls;          // of the agents' listener; null without TLS, or with a fault in it
  http::TlsIdentityPtr admin_tls;    // the same of the admins'
  std::vector<json::Fault> warnings; // what works, and should not stay so
};

Judged judge(const Config& config, const ResolveSecret& resolve, const json::Shapes& shapes,
             std::vector<json::Fault>& faults);

// Who may come to the admin's side over TCP: fills in judged.admins, once the clients are there.
void judge_admins(const Config& config, const ResolveSecret& resolve, Judged& judged, std::vector<json::Fault>& faults);

// How agents and admins reach the hub: fills in judged.tls, .admin_tls and .warnings. clock and random outlive these.
void judge_listener(const Config& config, const ResolveSecret& resolve, const Clock& clock, Random& random,
                    Judged& judged, std::vector<json::Fault>& faults);

// How one connector's answers may be kept. fingerprint: of all that it sees.
context::SourceSpec judge_cache(const ConnectorConfig& read, const connector::Settings& settings,
                                std::string fingerprint, std::vector<json::Fault>& faults);

// The part "sessions", held against what NIST allows.
void judge_sessions(const Config& config, Judged& judged);

// The part "policy", held against what there is; judged.keys give its pseudonyms.
policy::PolicyPtr judge_policy(const Config& config, Judged& judged, std::vector<policy::PolicySection> sections,
                               std::vector<json::Fault>& faults);

// Whether the workers that connectors ask for can be as they ask. no_worker: why_no_worker().
void judge_workers(const Config& config, const std::string& no_worker, std::vector<json::Fault>& faults);

} // namespace plugboard::daemon
