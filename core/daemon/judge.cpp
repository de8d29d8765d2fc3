#include "core/base/ids.hpp"
#include "core/connector/egress.hpp"
#include "core/connector/wildcard.hpp"
#include "core/daemon/build.hpp"
#include "core/http/authorities.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::daemon {

namespace {

class Judging {
 public:
  Judging(const Config& config, const ResolveSecret& resolve, const json::Shapes& shapes,
          std::vector<json::Fault>& faults)
      : config_(config), resolve_(resolve), shapes_(shapes), faults_(faults) {}

  Judged judge() {
    for (const auto& [name, reference] : config_.keys)
      if (auto key = secret(reference)) {
        if (key->reveal().size() < 32)
          fault(reference.pointer,
                "key \"" + name + "\" has fewer than 32 bytes; make one with: openssl rand -base64 48");
        judged_.keys.emplace(name, std::move(*key));
      }
    judged_.identifier_rules = std::make_shared<const connector::IdentifierRules>(config_.blocked_identifiers);
    for (const auto& client : config_.clients) judge_client(client);
    judge_admins(config_, resolve_, judged_, faults_);
    judge_authorities();
    judge_sessions(config_, judged_);
    if (!config_.audit.is_on)
      judged_.warnings.push_back({"/audit/enabled", "nothing is put on record: nobody will know who was shown what of "
                                                    "a customer; remove it, or set it to true"});
    for (const auto& connector : config_.connectors) judge_connector(connector);
    bool whole = judged_.connectors.size() == config_.connectors.size();
    judged_.catalog = context::Catalog::build(declarations_, session_types_, faults_, whole);
    if (judged_.catalog) judge_policy();
    return std::move(judged_);
  }

 private:
  void fault(std::string pointer, std::string message) { faults_.push_back({std::move(pointer), std::move(message)}); }

  std::optional<Secret> secret(const SecretReference& reference) {
    auto value = resolve_(reference);
    if (value) return std::move(*value);
    fault(reference.pointer, value.error().message);
    return std::nullopt;
  }

  void judge_policy() {
    std::vector<policy::PolicySection> sections;
    for (const auto& section : judged_.catalog->sections()) {
      const auto shape = shapes_.find(section.shape);
      sections.push_back({section.name, section.assurance, shape == shapes_.end() ? nullptr : shape->second});
    }
    judged_.policy = daemon::judge_policy(config_, judged_, std::move(sections), faults_);
  }

  void judge_authorities() {
    if (config_.upstreams_ca.empty()) return; // the system's, which are many: they are read where they are used
    if (auto readable = http::read_authorities(config_.upstreams_ca); !readable)
      fault("/upstreams/tls/ca/file", readable.error().message);
  }

  Secret client_key(const ClientConfig& read, const SecretReference& reference) {
    auto key = secret(reference);
    if (!key) return Secret();
    if (key->reveal().size() < 16)
      fault(reference.pointer,
            "the key of client \"" + read.client.id + "\" has fewer than 16 characters; choose a longer one");
    for (const auto& other : judged_.clients)
      if (other.key.equals(key->reveal()) || other.previous_key.equals(key->reveal()))
        same(other, read, "key", reference.pointer);
    return std::move(*key);
  }

  void same(const session::ConfiguredClient& other, const ClientConfig& read, const std::string& what,
            const std::string& pointer) {
    fault(pointer, "clients \"" + other.client.id + "\" and \"" + read.client.id + "\" have the same " + what +
                       "; give each its own");
  }

  void judge_client(const ClientConfig& read) {
    session::ConfiguredClient client{read.client, Secret(), read.certificate, Secret()};
    if (read.key) client.key = client_key(read, *read.key);
    if (read.previous_key) client.previous_key = client_key(read, *read.previous_key);
    if (read.key && client.key.empty()) return;
    if (!client.previous_key.empty() && client.previous_key.equals(client.key.reveal()))
      fault(read.previous_key->pointer, "is the same as \"key\"; take it away, or make a new key");
    for (const auto& other : judged_.clients)
      if (read.certificate && other.certificate == read.certificate)
        same(other, read, "certificate", read.pointer + "/certificate");
    judged_.clients.push_back(std::move(client));
  }

  void judge_connector(const ConnectorConfig& read) {
    if (read.plugin.empty()) return; // the schema has said so
    auto file = connector::find_plugin(config_.plugins_dir, read.plugin, read.version);
    auto plugin = file ? connector::inspect_plugin_file(*file) : Result<connector::PluginFile>(file.error());
    if (!plugin) return fault(read.pointer + "/plugin", plugin.error().message);

    auto faults_before = faults_.size();
    connector::Settings settings;
    settings.name = read.name;
    settings.plugin = std::move(*plugin);
    settings.config = read.config;
    settings.egress = read.egress;
    settings.networks = read.networks;
    settings.rates = read.rates;
    settings.files = read.files;
    settings.files_root = config_.folder;
    settings.timeout = read.timeout;
    settings.max_concurrency = read.max_concurrency;
    settings.health_every = read.health_every;
    settings.steady = read.steady;
    settings.isolation = read.isolation;
    settings.identifier_rules = judged_.identifier_rules;
    take_limits(read, settings);
    const auto& manifest = settings.plugin.manifest;
    settings.rates.each = connector::smaller(manifest.rate, read.rates.each);
    auto document = json::read_document(read.config_as_written, false);
    if (manifest.config_schema)
      for (auto& wrong : manifest.config_schema->check(document.tree, read.pointer + "/config"))
        faults_.push_back(std::move(wrong));
    take_sections(manifest, document.tree, read, settings);
    take_subject(manifest, read, settings);
    take_identifiers(manifest, document.tree, settings);
    check_grants(manifest, read);
    for (const auto& [handle, reference] : read.secrets) {
      secret(reference);
      settings.secrets.emplace(handle, [resolve = resolve_, wanted = reference] { return resolve(wanted); });
    }
    declarations_.push_back(
        {read.name, judged_.connectors.size(), read.assurance, settings.sections, read.pointer, read.from});
    session_types_.insert(session_types_.end(), settings.identifiers.begin(), settings.identifiers.end());
    auto hash = hash_of(read, settings, config_.blocked_identifiers);
    auto answers = judge_cache(read, settings, hash, faults_);
    if (faults_.size() != faults_before) return;
    judged_.answers.push_back(std::move(answers));
    judged_.config_hash.push_back(std::move(hash));
    judged_.connectors.push_back(std::move(settings));
  }

  // A blocking plugin's calls each have a thread in its worker, besides those that it makes for itself.
  void take_limits(const ConnectorConfig& read, connector::Settings& settings) {
    constexpr std::uint32_t kOthers = 4, kOthersByDefault = 32, kLeastByDefault = 64;
    const std::uint32_t calls = connector::threads_for_calls(settings);
    auto& limits = settings.limits;
    limits.threads = read.limits.threads.value_or(std::max(kLeastByDefault, calls + kOthersByDefault));
    if (limits.threads < calls + kOthers)
      fault(read.pointer + "/limits/threads", "is too few for the plugin's " + std::to_string(calls) +
                                                  " calls at once; give it at least " +
                                                  std::to_string(calls + kOthers) + ", or lower \"max_concurrency\"");
    limits.memory_bytes = read.limits.memory_bytes.value_or(limits.memory_bytes);
    limits.descriptors = read.limits.descriptors.value_or(limits.descriptors);
    limits.cpu_percent = read.limits.cpu_percent.value_or(limits.cpu_percent);
  }

  void take_sections(const connector::Manifest& manifest, const json::TreeValue& config, const ConnectorConfig& read,
                     connector::Settings& settings) {
    if (!manifest.lookup && !manifest.derive) return;
    auto sections_at = read.pointer + "/config" + manifest.sections_pointer.value_or("");
    if (manifest.sections_pointer) {
      if (const auto* sections = json::at_pointer(config, *manifest.sections_pointer); sections && sections->IsObject())
        settings.sections = connector::read_section_specs(*sections, sections_at, read.name, faults_);
    } else {
      auto own = json::read_document(manifest.sections_text, false);
      settings.sections = connector::read_section_specs(own.tree, read.pointer, read.name, faults_);
    }
    for (const auto& section : settings.sections) {
      if (section.is_derived() ? !manifest.derive : !manifest.lookup)
        fault(sections_at + "/" + section.name, section.is_derived() ? "the plugin " + manifest.name +
                                                                           " computes no section from others; "
                                                                           "remove \"from\""
                                                                     : "the plugin " + manifest.name +
                                                                           " looks nothing up; say under "
                                                                           "\"from\" what it is computed from");
      if (shapes_.contains(section.shape)) continue;
      std::string known;
      for (const auto& [name, shape] : shapes_) known += (known.empty() ? "" : ", ") + name;
      fault(sections_at + "/" + section.name + "/shape",
            "there is no shape \"" + section.shape + "\"; there are " + known);
    }
  }

  void take_subject(const connector::Manifest& manifest, const ConnectorConfig& read, connector::Settings& settings) {
    const auto needs = json::read_document(manifest.subject_needs_text, false);
    settings.subject_needs = connector::read_needs(needs.tree, read.pointer, read.name, faults_);
  }

  static void take_identifiers(const connector::Manifest& manifest, const json::TreeValue& config,
                               connector::Settings& settings) {
    if (!manifest.authenticate) return;
    settings.identifiers = manifest.identifiers;
    if (!manifest.identifiers_pointer) return;
    if (const auto* given = json::at_pointer(config, *manifest.identifiers_pointer); given && given->IsObject())
      for (const auto& entry : given->GetObject()) settings.identifiers.emplace_back(json::text_of(entry.name));
  }

  void check_grants(const connector::Manifest& manifest, const ConnectorConfig& read) {
    for (std::size_t i = 0; i < read.egress.size(); ++i)
      if (auto egress = connector::Egress::make({read.egress[i]}); !egress)
        fault(read.pointer + "/grants/egress/" + std::to_string(i), egress.error().message);
    for (std::size_t i = 0; i < read.networks.size(); ++i)
      if (auto network = connector::Egress::parse_network(read.networks[i]); !network)
        fault(read.pointer + "/grants/networks/" + std::to_string(i), network.error().message);
    for (const auto& [grant, rate] : read.rates.of_some)
      if (std::find(read.egress.begin(), read.egress.end(), grant) == read.egress.end())
        fault(json::pointer_append(read.pointer + "/rate_limit/upstreams", grant),
              "is not among the connector's grants.egress; write it as it stands there");
    for (std::size_t i = 0; i < read.files.size(); ++i)
      if (!read.files[i].starts_with("ro:") || read.files[i].size() < 4)
        fault(read.pointer + "/grants/files/" + std::to_string(i),
              "must be \"ro:PATH\" for one file, or \"ro:FOLDER/\"");
    check_grants(manifest.name, manifest.egress, read.egress, read.pointer + "/grants/egress/");
    check_grants(manifest.name, manifest.files, read.files, read.pointer + "/grants/files/");
  }

  void check_grants(const std::string& plugin, const std::vector<std::string>& wishes,
                    const std::vector<std::string>& grants, const std::string& pointer) {
    for (std::size_t i = 0; i < grants.size(); ++i)
      if (std::none_of(wishes.begin(), wishes.end(),
                       [&](const auto& wish) { return connector::asks_for(wish, grants[i]); }))
        fault(pointer + std::to_string(i),
              "the plugin " + plugin + " does not ask for \"" + grants[i] + "\" in its manifest; remove the grant");
  }

  // Everything a running connector sees. Secrets are asked for each time: a new value needs no new connector.
  static std::string hash_of(const ConnectorConfig& read, const connector::Settings& settings,
                             const std::vector<std::string>& blocked_identifiers) {
    std::string seen;
    auto add = [&](std::string_view part) { seen += std::to_string(part.size()) + ":" + std::string(part); };
    add(read.name);
    add(settings.plugin.path);
    add(settings.plugin.sha256);
    add(read.config_as_written);
    add(std::to_string(read.timeout.count()));
    add(std::to_string(read.max_concurrency));
    add(connector::name_of(read.isolation));
    for (const std::uint64_t limit :
         {settings.limits.memory_bytes, std::uint64_t{settings.limits.threads},
          std::uint64_t{settings.limits.descriptors}, std::uint64_t{settings.limits.cpu_percent}})
      add(std::to_string(limit));
    const auto& [breaker, retry, hedge, limit] = read.steady;
    for (const std::int64_t rule :
         {std::int64_t{breaker.enabled}, std::int64_t{breaker.failure_percent}, std::int64_t{breaker.slow_percent},
          std::int64_t{breaker.slow.count()}, std::int64_t{retry.attempts}, std::int64_t{retry.percent},
          std::int64_t{hedge.enabled}, std::int64_t{hedge.percent}, std::int64_t{hedge.least_wait.count()},
          std::int64_t{limit.adaptive}, std::int64_t{limit.least}, std::int64_t{limit.most_waiting}})
      add(std::to_string(rule));
    for (const auto& grant : read.egress) add("egress " + grant);
    for (const auto& network : read.networks) add("network " + network);
    const auto rate = [&](const connector::Rate& of) {
      add(std::to_string(of.per_second) + " " + std::to_string(of.burst));
    };
    rate(read.rates.each);
    for (const auto& [grant, of] : read.rates.of_some) {
      add("rate " + grant);
      rate(of);
    }
    for (const auto& grant : read.files) add("files " + grant);
    for (const auto& blocked : blocked_identifiers) add("blocked " + blocked);
    return hex(sha256(seen));
  }

  const Config& config_;
  const ResolveSecret& resolve_;
  const json::Shapes& shapes_;
  std::vector<json::Fault>& faults_;
  Judged judged_;
  std::vector<context::Declaration> declarations_;
  std::vector<std::string> session_types_;
};

} // namespace

Judged judge(const Config& config, const ResolveSecret& resolve, const json::Shapes& shapes,
             std::vector<json::Fault>& faults) {
  return Judging(config, resolve, shapes, faults).judge();
}

} // namespace plugboard::daemon
