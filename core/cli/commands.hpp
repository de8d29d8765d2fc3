// The words of the command line, one function each. Return the process's exit code: 0 done, 1 refused or failed,
// 2 wrong usage.
#pragma once

#include "core/cli/ask.hpp"
#include "core/cli/terminal.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace plugboard::cli {

struct Scene { // what every command works with
  Ask ask;
  Terminal terminal;
  bool json = false; // answers as the hub gave them
  std::ostream& out;
  std::ostream& err;
};

struct ContextWords {
  std::string session;
  std::vector<std::string> sections{}, required{};
  std::optional<int> deadline_ms{};
  std::string purpose{}, actor{}, language{}, params{}; // params: JSON object, with exactly one section
  bool data = true;
};

struct ClientWords {
  std::string id, tenant, channel, purpose;
  std::vector<std::string> sections, scopes;
  std::optional<double> per_second{};
  std::optional<int> burst{}, contexts_per_day{};
  int overlap_s = 24 * 3600; // of a rotation; 0: the key before is lost
};

struct AuditWords { // which records
  std::string tenant, customer, client, kind, from, to;
  int most = 100;
};

struct RevocationWords { // "" is any
  std::string tenant, session, customer, client, channel, key, before;

  bool names_something() const;
};

struct PurgeWords { // "" is any
  std::string tenant, customer, section, connector;
};

struct CustomerWords {
  std::string customer, tenant, reason;
  std::vector<std::string> identifiers; // "email=ada@example.com"
  std::optional<int> deadline_ms{};
};

// 1 also when a connector failed, or could not be asked.
int customer_export(Scene& scene, const CustomerWords& words);
int customer_erase(Scene& scene, const CustomerWords& words);
int cache_show(Scene& scene);
int cache_purge(Scene& scene, const PurgeWords& words);
int session_start(Scene& scene, const std::string& connector, const std::string& credential);
int session_show(Scene& scene, const std::string& session);
int session_revoke(Scene& scene, const std::string& session);
int session_list(Scene& scene, const RevocationWords& words);
int session_revoke_all(Scene& scene, const RevocationWords& words);
int context_get(Scene& scene, const ContextWords& words);
int context_explain(Scene& scene, const ContextWords& words);
int section_list(Scene& scene);
int connector_list(Scene& scene);
int connector_show(Scene& scene, const std::string& name);
int client_add(Scene& scene, const ClientWords& words);
int client_list(Scene& scene);
int client_rotate(Scene& scene, const ClientWords& words);
int client_remove(Scene& scene, const ClientWords& words);
int plugin_list(Scene& scene);
int plugin_info(Scene& scene, const std::string& plugin); // a name in the hub, or a file
int plugin_check(Scene& scene, const std::string& file);

struct AuthorWords { // of those who write a plugin
  std::string name, language = "cpp", folder = ".", sdk;
  bool login = false;
  std::string scenario, junit;     // what it is tried with; test: where a machine's report goes
  bool once = false, live = false; // run: shown once; its own systems are asked
  std::string record;              // run: where what they say is kept
};

int plugin_new(Scene& scene, const AuthorWords& words);
int plugin_build(Scene& scene, const AuthorWords& words);
int plugin_test(Scene& scene, const AuthorWords& words); // folder: that, or a plugin's file
int plugin_run(Scene& scene, const AuthorWords& words);
int audit_list(Scene& scene, const AuditWords& words);
int audit_accesses(Scene& scene, const AuditWords& words);
// folder: the files themselves, else what the hub says. public_keys: who may have signed them.
int audit_verify(Scene& scene, const std::string& folder, const std::vector<std::string>& public_keys);
int doctor(Scene& scene);

struct PolicyWords {
  std::string tenant, client, section, purpose, assurance = "aal1", table, config;
  std::int64_t age_s = 0;
};

// config: a file instead of the hub that runs; its plugboardd is asked.
int policy_explain(Scene& scene, const PolicyWords& words);
int policy_test(Scene& scene, const PolicyWords& words);

// "-" is standard input, "@PATH" a file, anything else itself.
Result<std::string> text_from(const std::string& word);

// Prints why it was refused (problem+json, or no answer) and returns 1.
int refused(Scene& scene, const Result<Reply>& reply);

} // namespace plugboard::cli
