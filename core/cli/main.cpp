// plugboard, the command line: its words, their help, and where the hub is.
#include "core/base/ids.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/plugin_noun.hpp"
#include "core/cli/verb.hpp"

#include <CLI/CLI.hpp>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

using namespace plugboard;

struct Words { // what the arguments fill in
  cli::Places places;
  bool json = false;
  std::string connector, credential = "-", session;
  cli::PluginWords plugin;
  cli::ContextWords context;
  bool no_data = false;
  bool now = false;
  cli::ClientWords client;
  cli::AuditWords audit;
  std::string folder;
  std::vector<std::string> public_keys;
  cli::RevocationWords revocation;
  cli::PurgeWords purge;
  cli::PolicyWords policy;
  cli::CustomerWords customer;
};

using cli::Command;
using cli::verb;

void add_session_revoke(CLI::App& noun, Words& words, Command& chosen);

void add_session(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("session", "The record that a customer proved who they are")->require_subcommand(1);
  auto* start = verb(
      noun, "start", "Authenticate a customer.\nExample: echo '{\"token\": \"eyJ…\"}' | plugboard session start login",
      [&](cli::Scene& scene) { return cli::session_start(scene, words.connector, words.credential); }, chosen);
  start->add_option("connector", words.connector, "The connector that authenticates")->required();
  start->add_option("--credential", words.credential,
                    "A JSON object; @FILE reads it from there, - from standard input (default)");
  auto* show = verb(
      noun, "show", "What a session is.\nExample: plugboard session show pbs_…",
      [&](cli::Scene& scene) { return cli::session_show(scene, words.session); }, chosen);
  show->add_option("session", words.session, "The session's token")->required()->envname("PLUGBOARD_SESSION");
  auto* list = verb(
      noun, "list", "Sessions that live, over the admin socket.\nExample: plugboard session list --client bot",
      [&](cli::Scene& scene) { return cli::session_list(scene, words.revocation); }, chosen);
  list->add_option("--tenant", words.revocation.tenant, "Of this tenant; of all when left out");
  list->add_option("--customer", words.revocation.customer, "Of this customer: cus_…");
  list->add_option("--client", words.revocation.client, "With a token of this client");
  add_session_revoke(*noun, words, chosen);
}

void add_session_revoke(CLI::App& noun, Words& words, Command& chosen) {
  auto& of = words.revocation;
  auto* revoke = verb(
      &noun, "revoke",
      "End a session on every channel, by its token; or, over the admin socket, all that fits.\n"
      "Example: plugboard session revoke pbs_…\n"
      "Example: plugboard session revoke --customer cus_4rz…\n"
      "Example: plugboard session revoke --client bot --before 2026-11-22T18:00:00Z",
      [&](cli::Scene& scene) {
        if (of.names_something()) return cli::session_revoke_all(scene, of);
        if (!words.session.empty()) return cli::session_revoke(scene, words.session);
        scene.err << "plugboard: say which: a session's token, or --customer, --client, --channel, --tenant, --key, "
                     "--id or --before\n";
        return 2;
      },
      chosen);
  revoke->add_option("session", words.session, "The session's token")->envname("PLUGBOARD_SESSION");
  revoke->add_option("--id", of.session, "The session of this id, as session list shows it");
  revoke->add_option("--customer", of.customer, "All of this customer: cus_…");
  revoke->add_option("--client", of.client, "All tokens of this client; sessions go on under others' tokens");
  revoke->add_option("--channel", of.channel, "All tokens of this channel's clients");
  revoke->add_option("--tenant", of.tenant, "All of this tenant; \"*\": of every tenant. default when left out");
  revoke->add_option("--key", of.key, "All tokens hashed under this key of the hub's");
  revoke->add_option("--before", of.before, "Only what began before this time, such as 2026-11-22T18:00:00Z");
}

void add_context(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("context", "Who the customer is and what is going on")->require_subcommand(1);
  auto* get = verb(
      noun, "get",
      "One context of everything asked for.\nExample: plugboard context get pbs_… --section 'crm.*' --deadline 800",
      [&](cli::Scene& scene) {
        words.context.data = !words.no_data;
        return cli::context_get(scene, words.context);
      },
      chosen);
  auto* explain = verb(
      noun, "explain",
      "The same context, explained: what waits for what, and what happened; no data.\n"
      "Example: plugboard context explain pbs_… --section 'crm.*'",
      [&](cli::Scene& scene) { return cli::context_explain(scene, words.context); }, chosen);
  for (auto* each : {get, explain}) {
    each->add_option("session", words.context.session, "The session's token")->required()->envname("PLUGBOARD_SESSION");
    each->add_option("--section", words.context.sections,
                     "A section or pattern; may be given again; everything when left out");
    each->add_option("--required", words.context.required, "A section that must be there; may be given again");
    each->add_option("--params", words.context.params, "A JSON object of parameters for the one --section given");
    each->add_option("--deadline", words.context.deadline_ms,
                     "Milliseconds until the answer; the hub's 1,000 when left out")
        ->check(CLI::Range(1, 30000));
    each->add_option("--purpose", words.context.purpose, "Why it is asked");
    each->add_option("--actor", words.context.actor, "The human behind this client");
    each->add_option("--language", words.context.language, "BCP 47, such as sv");
  }
  get->add_flag("--no-data", words.no_data, "Only the customer and the waterfall");
}

void add_admin(CLI::App& app, Words& words, Command& chosen) {
  auto* section = app.add_subcommand("section", "Named parts of the context")->require_subcommand(1);
  verb(section, "list", "The sections on offer to this client.\nExample: plugboard section list", cli::section_list,
       chosen);
  auto* connector = app.add_subcommand("connector", "Plugins as configured in this hub")->require_subcommand(1);
  verb(connector, "list", "Connectors with their state and counts.\nExample: plugboard connector list",
       cli::connector_list, chosen);
  auto* show = verb(
      connector, "show",
      "One connector: how it is kept from the hub, and how its worker fares.\nExample: plugboard connector show crm",
      [&](cli::Scene& scene) { return cli::connector_show(scene, words.connector); }, chosen);
  show->add_option("connector", words.connector, "Its name")->required();
  verb(&app, "doctor", "What works and what does not, and what to do.\nExample: plugboard doctor", cli::doctor, chosen);
}

std::string is_word(const std::string& text) { // what it becomes a part of is a path
  return is_client_id(text) ? "" : "must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit";
}

void add_client(CLI::App& app, Words& words, Command& chosen) {
  auto* client = app.add_subcommand("client", "Agent tools that may ask")->require_subcommand(1);
  verb(client, "list", "All clients.\nExample: plugboard client list", cli::client_list, chosen);
  auto* add = verb(
      client, "add",
      "Add a client; prints its key once.\nExample: plugboard client add bot-2 --section 'crm.*' --scope context:read",
      [&](cli::Scene& scene) { return cli::client_add(scene, words.client); }, chosen);
  add->add_option("id", words.client.id, "The client's name")->required();
  add->add_option("--section", words.client.sections, "A section or pattern it may see; may be given again")
      ->required();
  add->add_option("--scope", words.client.scopes, "What it may do: session:create, session:read, context:read, …")
      ->required();
  add->add_option("--tenant", words.client.tenant, "Its tenant; default when left out");
  add->add_option("--channel", words.client.channel, "Its channel: chat, voice, …");
  add->add_option("--purpose", words.client.purpose, "Its purpose when a request names none");
  add->add_option("--per-second", words.client.per_second, "Requests a second, on average; no limit when left out");
  add->add_option("--burst", words.client.burst, "Requests at once after a quiet while")->needs("--per-second");
  add->add_option("--contexts-per-day", words.client.contexts_per_day, "Its quota; none when left out");
  auto* rotate = verb(
      client, "rotate",
      "A new key for a client; the one before is good for another day, or as long as --overlap says.\n"
      "Example: plugboard client rotate bot-2 --overlap 3600",
      [&](cli::Scene& scene) {
        if (words.now) words.client.overlap_s = 0;
        return cli::client_rotate(scene, words.client);
      },
      chosen);
  auto* overlap = rotate->add_option("--overlap", words.client.overlap_s, "Seconds; 24 hours when left out")
                      ->check(CLI::Range(0, 30 * 24 * 3600));
  rotate->add_flag("--now", words.now, "The key before is lost: it ends at once, and the client's sessions with it")
      ->excludes(overlap);
  auto* remove = verb(
      client, "remove",
      "Remove a client: its keys are good for nothing, its sessions end.\nExample: plugboard client remove bot-2",
      [&](cli::Scene& scene) { return cli::client_remove(scene, words.client); }, chosen);
  for (auto* one : {rotate, remove}) {
    one->add_option("id", words.client.id, "The client's name")->required()->check(is_word);
    one->add_option("--tenant", words.client.tenant, "Its tenant; default when left out")->check(is_word);
  }
}

void add_audit(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("audit", "What was shown of customers, to whom, and what was changed");
  noun->require_subcommand(1);
  auto* list = verb(
      noun, "list", "Records, oldest first.\nExample: plugboard audit list --client desk --from 2026-01-01T00:00:00Z",
      [&](cli::Scene& scene) { return cli::audit_list(scene, words.audit); }, chosen);
  auto* accesses = verb(
      noun, "accesses", "Who saw what of one customer.\nExample: plugboard audit accesses --customer cus_…",
      [&](cli::Scene& scene) { return cli::audit_accesses(scene, words.audit); }, chosen);
  for (auto* command : {list, accesses}) {
    auto* customer = command->add_option("--customer", words.audit.customer, "The customer's id, cus_…");
    if (command == accesses) customer->required();
    command->add_option("--tenant", words.audit.tenant, "Of this tenant only");
    command->add_option("--from", words.audit.from, "RFC 3339, such as 2026-01-01T00:00:00Z");
    command->add_option("--to", words.audit.to, "RFC 3339; what is later is left out");
  }
  list->add_option("--client", words.audit.client, "By this client only");
  list->add_option("--kind", words.audit.kind, "disclosure, outcome, change, refused or checkpoint");
  list->add_option("--most", words.audit.most, "Records; 100 when left out")->check(CLI::Range(1, 1'000'000));
  auto* verify = verb(
      noun, "verify",
      "Hold all records against their chain and signatures.\nExample: plugboard audit verify --folder var/audit "
      "--public-key 34ad…",
      [&](cli::Scene& scene) { return cli::audit_verify(scene, words.folder, words.public_keys); }, chosen);
  verify->add_option("--folder", words.folder, "The files themselves; the hub verifies its own when left out");
  verify->add_option("--public-key", words.public_keys, "Who may have signed, as the hub's log says under audit.ready");
}

void add_cache(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("cache", "Connectors' answers that the hub keeps in memory")->require_subcommand(1);
  verb(
      noun, "show", "How much is kept, over the admin socket.\nExample: plugboard cache show",
      [](cli::Scene& scene) { return cli::cache_show(scene); }, chosen);
  auto* purge = verb(
      noun, "purge",
      "Drop kept answers; several options narrow it, none: all of the tenant's.\n"
      "Example: plugboard cache purge --customer cus_4rz…\n"
      "Example: plugboard cache purge --section crm.contact",
      [&](cli::Scene& scene) { return cli::cache_purge(scene, words.purge); }, chosen);
  purge->add_option("--customer", words.purge.customer, "Those in this customer's contexts: cus_…");
  purge->add_option("--connector", words.purge.connector, "Those of this connector");
  purge->add_option("--section", words.purge.section, "Those of this section, by its whole name: crm.contact");
  purge->add_option("--tenant", words.purge.tenant, "Of this tenant; \"*\": of every. default when left out");
}

void add_customer(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("customer", "What a customer has a right to")->require_subcommand(1);
  auto& of = words.customer;
  auto* all = verb(
      noun, "export",
      "All that the systems hold about a customer, as JSON; 1 when it is not complete.\n"
      "Example: plugboard customer export cus_4rz… --reason 'request 17' --identifier email=ada@example.com",
      [&](cli::Scene& scene) { return cli::customer_export(scene, of); }, chosen);
  auto* erase = verb(
      noun, "erase",
      "Have the systems erase a customer, and say what stays and why; ends his sessions. 1 when it is not complete:\n"
      "ask again then, what is erased stays so.\n"
      "Example: plugboard customer erase cus_4rz… --reason 'request 18' --identifier email=ada@example.com",
      [&](cli::Scene& scene) { return cli::customer_erase(scene, of); }, chosen);
  for (auto* one : {all, erase}) {
    one->add_option("customer", of.customer, "The customer's id, cus_…")->required()->check(is_word);
    one->add_option("--reason", of.reason, "Why, for the record and for the systems")->required();
    one->add_option("--identifier", of.identifiers,
                    "TYPE=VALUE by which systems know the customer; may be given again. The hub keeps none itself");
    one->add_option("--deadline", of.deadline_ms, "Milliseconds until the answer; 30,000 when left out")
        ->check(CLI::Range(100, 120'000));
    one->add_option("--tenant", of.tenant, "The customer's tenant; default when left out")->check(is_word);
  }
}

void add_policy(CLI::App& app, Words& words, Command& chosen) {
  auto* noun = app.add_subcommand("policy", "Who may see what")->require_subcommand(1);
  auto& policy = words.policy;
  auto* explain = verb(
      noun, "explain",
      "What would leave of a section, and why.\nExample: plugboard policy explain --client desk --section crm.contact "
      "--assurance aal2",
      [&](cli::Scene& scene) { return cli::policy_explain(scene, policy); }, chosen);
  explain->add_option("--client", policy.client, "Whom it would leave to")->required();
  explain->add_option("--section", policy.section, "What of")->required();
  explain->add_option("--tenant", policy.tenant, "The client's tenant; default when left out");
  explain->add_option("--purpose", policy.purpose, "The client's own when left out");
  explain->add_option("--assurance", policy.assurance, "What the session has proved")->capture_default_str();
  explain->add_option("--age", policy.age_s, "How many seconds ago")->check(CLI::Range(0, 31'536'000));
  auto* test = verb(
      noun, "test",
      "Hold a table of expectations against the policy; 1 when one does not hold.\n"
      "Example: plugboard policy test expectations.json --config plugboard.json",
      [&](cli::Scene& scene) { return cli::policy_test(scene, policy); }, chosen);
  test->add_option("table", policy.table, "A JSON file: {\"expectations\": [{\"client\", \"assurance\", …}]}")
      ->required()
      ->check(CLI::ExistingFile);
  for (auto* command : {explain, test})
    command->add_option("--config", policy.config, "A configuration file, instead of the hub that runs")
        ->check(CLI::ExistingFile);
}

int run(int argc, char** argv) {
  CLI::App app("Plugboard: one customer, one proof, one context for every agent channel.\n"
               "The client's key comes from PLUGBOARD_KEY; with --certificate it needs none. An admin's key for an\n"
               "--admin over TCP comes from PLUGBOARD_ADMIN_KEY.",
               "plugboard");
  Words words;
  Command chosen;
  app.require_subcommand(1);
  app.fallthrough(); // --json may stand after the verb
  app.set_version_flag("--version", "plugboard " PLUGBOARD_VERSION);
  app.add_option("--server", words.places.server, "The hub's address")
      ->envname("PLUGBOARD_SERVER")
      ->capture_default_str();
  app.add_option("--admin", words.places.admin,
                 "The hub's admin socket, or http(s)://HOST:PORT for an admin with a key")
      ->envname("PLUGBOARD_ADMIN")
      ->capture_default_str();
  app.add_option("--ca", words.places.tls.ca_file,
                 "PEM file of who signs the hub's certificate; the system's authorities when left out")
      ->envname("PLUGBOARD_CA")
      ->check(CLI::ExistingFile);
  app.add_option("--certificate", words.places.tls.certificate_file, "PEM file of this client's own certificate")
      ->envname("PLUGBOARD_CERTIFICATE")
      ->check(CLI::ExistingFile);
  app.add_option("--certificate-key", words.places.tls.key_file,
                 "PEM file of its key; in the certificate's file when left out")
      ->envname("PLUGBOARD_CERTIFICATE_KEY")
      ->check(CLI::ExistingFile);
  app.add_flag("--json", words.json, "Answers as the hub gives them");
  if (const char* key = std::getenv("PLUGBOARD_KEY"))
    words.places.key = key; // NOLINT(concurrency-mt-unsafe): one thread
  if (const char* key = std::getenv("PLUGBOARD_ADMIN_KEY"))
    words.places.admin_key = key; // NOLINT(concurrency-mt-unsafe): one thread
  add_session(app, words, chosen);
  add_context(app, words, chosen);
  add_admin(app, words, chosen);
  cli::add_plugin(app, words.plugin, chosen);
  add_client(app, words, chosen);
  add_customer(app, words, chosen);
  add_audit(app, words, chosen);
  add_policy(app, words, chosen);
  add_cache(app, words, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  cli::Scene scene{cli::Ask(words.places), cli::Terminal::of_stdout(), words.json, std::cout, std::cerr};
  return chosen(scene);
}

} // namespace

int main(int argc, char** argv) {
  const rlimit none{0, 0}; // keys, tokens and what a customer's context holds stay out of core files
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // and out of the sight of the user's other programs
  try {
    return run(argc, argv);
  } catch (const std::exception& bug) {
    std::cerr << "plugboard: " << bug.what() << "\n";
    return 1;
  }
}
