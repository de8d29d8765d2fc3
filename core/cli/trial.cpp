#include "core/cli/trial.hpp"

#include "core/base/crypto.hpp"
#include "core/cli/trial_inputs.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/json/document.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;
using json::TreeValue;
using json::Writer;

constexpr const char* kClientKey = "PLUGBOARD_RUN_KEY";
constexpr const char* kSigningKey = "PLUGBOARD_RUN_SIGNING_KEY";
constexpr const char *kIssuer = "plugboard-run", *kAudience = "trial";
constexpr std::int64_t kLifetime = 3600; // seconds
constexpr std::size_t kMostLibraryBytes = std::size_t{256} << 20;

template <class Each>
void each_text(const TreeValue& value, Each&& each) {
  if (value.IsString()) return each(json::text_of(value));
  if (value.IsArray())
    for (const TreeValue& entry : value.GetArray()) each_text(entry, each);
  if (value.IsObject())
    for (const auto& entry : value.GetObject()) each_text(entry.value, each);
}

// With each URL of a system that is stood in for as it is here.
void write_here(Writer& writer, const TreeValue& value, const StandInNames& names) {
  if (value.IsObject()) {
    writer.begin_object();
    for (const auto& entry : value.GetObject()) {
      writer.key(std::string(json::text_of(entry.name)));
      write_here(writer, entry.value, names);
    }
    writer.end_object();
  } else if (value.IsArray()) {
    writer.begin_array();
    for (const TreeValue& entry : value.GetArray()) write_here(writer, entry, names);
    writer.end_array();
  } else if (value.IsString()) {
    writer.value(names.here(json::text_of(value)));
  } else {
    writer.raw(json::to_text(value));
  }
}

// What its configuration names, and what its manifest wishes for by name: a wish with a * is no name.
std::vector<std::string> egress_of(const Trial& trial) {
  std::set<std::string> grants;
  for (const auto& each : trial.names.all())
    if (each.there != kTrialInputsOrigin) grants.insert(conformance::grant_of(each.here()));
  if (trial.names.all().empty())
    for (const auto& url : urls_of(trial.scenario)) grants.insert(conformance::grant_of(url));
  for (const auto& wish : trial.plugin.manifest.egress)
    if (wish.starts_with("tcp:") && wish.find('*') == std::string::npos) grants.insert(wish);
  return {grants.begin(), grants.end()};
}

void write_array(Writer& writer, const std::vector<std::string>& texts) {
  writer.begin_array();
  for (const auto& text : texts) writer.value(text);
  writer.end_array();
}

std::string claim_of(std::string type) { // "crm.rep" would be a way into an object
  std::replace(type.begin(), type.end(), '.', '_');
  return type;
}

void write_login(Writer& writer, const Trial& trial) {
  std::set<std::string> types;
  for (const auto& lookup : trial.scenario.lookups)
    for (const auto& identifier : lookup.identifiers) types.insert(identifier.type);
  writer.begin_object().member("plugin", "jwt").member("isolation", "in_process").key("config").begin_object();
  writer.key("issuers").begin_array().begin_object().member("issuer", kIssuer).member("audience", kAudience);
  writer.key("hs256").begin_object().member("env", kSigningKey).end_object().end_object().end_array();
  writer.key("identifiers").begin_object();
  for (const auto& type : types)
    writer.key(type).begin_object().member("claim", claim_of(type)).member("verified", true).end_object();
  writer.end_object().end_object().end_object();
}

void write_connector(Writer& writer, const Trial& trial, const TreeValue& config) {
  writer.begin_object().member("plugin", trial.plugin.manifest.name + "@" + trial.plugin.manifest.version);
  writer.key("config");
  write_here(writer, config, trial.names);
  if (has_inputs(trial.scenario)) {
    writer.key("from");
    write_from(writer, trial.scenario);
  }
  writer.key("grants").begin_object().key("egress");
  write_array(writer, egress_of(trial));
  if (!trial.names.all().empty()) {
    writer.key("networks");
    write_array(writer, {"127.0.0.0/8", "::1"});
  }
  writer.key("files").begin_array();
  for (const auto& [path, bytes] : trial.scenario.files) writer.value("ro:" + path);
  writer.end_array().end_object().end_object();
}

Result<void> write_file(const fs::path& file, std::string_view bytes) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  if (std::ofstream(file, std::ios::binary) << bytes << std::flush) return {};
  return fail(Code::io, file.string() + " can't be written");
}

Result<void> copy_plugin(const connector::PluginFile& plugin, const fs::path& folder) {
  const auto bytes = connector::read_file_bytes(plugin.path, kMostLibraryBytes);
  if (!bytes) return bytes.error();
  const auto& manifest = plugin.manifest;
  return write_file(folder / "plugins" / manifest.name / manifest.version / (manifest.name + ".so"), *bytes);
}

Result<void> lend_plugin(const char* name, const fs::path& plugins, const fs::path& folder) { // one of the hub's
  const auto file = connector::find_plugin(plugins.string(), name, "");
  if (!file)
    return fail(Code::not_found,
                "the hub's own plugin " + std::string(name) + " is needed for this: " + file.error().message);
  const auto plugin = connector::inspect_plugin_file(*file);
  return plugin ? copy_plugin(*plugin, folder) : plugin.error();
}

} // namespace

std::vector<std::string> urls_of(const conformance::Scenario& scenario) {
  std::vector<std::string> urls;
  each_text(json::read_document(scenario.written, false).tree, [&](std::string_view text) {
    if (origin_of(text)) urls.emplace_back(text);
  });
  return urls;
}

Result<std::string> trial_config(const Trial& trial) {
  for (const auto& [path, bytes] : trial.scenario.files)
    if (path.starts_with('/') || path.find("..") != std::string::npos)
      return fail(Code::invalid_argument,
                  "the file \"" + path +
                      "\" of conformance.json: give it a plain name, and the configuration the same");
  if (!trial.scenario.folders.empty())
    return fail(Code::invalid_argument, "\"folders\" of conformance.json can't be tried so yet: plugboard plugin test "
                                        "can, and a hub whose configuration grants them");
  const auto config = json::read_document(trial.scenario.written, false);
  std::string text;
  {
    Writer writer(text);
    writer.begin_object();
    writer.key("agents").begin_object().member("listen", "127.0.0.1:0").member("threads", 1).end_object();
    writer.key("admin").begin_object().member("socket", "admin.sock").end_object();
    writer.member("data_dir", "var").member("plugins_dir", "plugins");
    writer.key("keys").begin_object().member("current", "k1");
    writer.key("k1").begin_object().member("file", "keys/k1").end_object().end_object();
    if (!trial.ca_file.empty()) {
      writer.key("upstreams").begin_object().key("tls").begin_object().key("ca").begin_object();
      writer.member("file", trial.ca_file).end_object().end_object().end_object();
    }
    writer.key("purposes").begin_array().value("trial").end_array();
    writer.key("clients").begin_array().begin_object().member("id", "author").member("channel", "terminal");
    writer.key("key").begin_object().member("env", kClientKey).end_object();
    writer.key("sections").begin_array().value("*").end_array().member("purpose", "trial");
    writer.key("scopes").begin_array().value("session:create").value("context:read").end_array();
    writer.end_object().end_array();
    writer.key("connectors").begin_object().key(std::string(kTrialLogin));
    write_login(writer, trial);
    if (has_inputs(trial.scenario)) {
      writer.key(std::string(kTrialInputs));
      write_inputs(writer, trial.scenario, trial.names.here(kTrialInputsOrigin));
    }
    writer.key(trial.plugin.manifest.name);
    write_connector(writer, trial, config.tree);
    writer.end_object().end_object();
  }
  return text;
}

std::map<std::string, std::string> trial_environment(const Trial& trial) {
  auto environment = trial.scenario.secrets;
  environment[kClientKey] = trial.key;
  environment[kSigningKey] = trial.signing_key.reveal();
  return environment;
}

std::string trial_token(const Trial& trial, const std::vector<Identifier>& identifiers, WallTime now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  std::string claims, subject;
  for (const auto& identifier : identifiers) subject += identifier.type + " " + identifier.value + " ";
  {
    Writer writer(claims);
    writer.begin_object().member("iss", kIssuer).member("aud", kAudience).member("sub", subject + "made up");
    writer.member("iat", std::int64_t{seconds}).member("exp", seconds + kLifetime);
    for (const auto& identifier : identifiers) writer.member(claim_of(identifier.type), identifier.value);
    writer.end_object();
  }
  const auto encoded = [](std::string_view text) {
    return base64url({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
  };
  const auto signed_part = encoded(R"({"alg":"HS256","typ":"JWT"})") + "." + encoded(claims);
  return signed_part + "." + base64url(hmac_sha256(trial.signing_key, signed_part));
}

Result<void> write_trial(const Trial& trial, const fs::path& folder, const fs::path& plugins) {
  const auto config = trial_config(trial);
  if (!config) return config.error();
  if (auto copied = copy_plugin(trial.plugin, folder); !copied) return copied;
  if (auto lent = lend_plugin("jwt", plugins, folder); !lent) return lent;
  if (has_inputs(trial.scenario))
    if (auto lent = lend_plugin(kTrialInputsPlugin, plugins, folder); !lent) return lent;
  for (const auto& [path, bytes] : trial.scenario.files)
    if (auto written = write_file(folder / path, bytes); !written) return written;
  if (auto written = write_file(folder / "keys/k1", trial.signing_key.reveal()); !written) return written;
  return write_file(folder / "plugboard.json", *config);
}

} // namespace plugboard::cli
