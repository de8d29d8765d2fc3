#include "core/connector/manifest.hpp"

#include "core/base/ids.hpp"
#include "core/connector/semver.hpp"
#include "core/json/pointer.hpp"

#include <plugboard/abi.h>

#include <limits>

namespace plugboard::connector {
namespace {

using Value = json::TreeValue;

constexpr unsigned kMostConcurrency = 1024;

// Reads the members of the manifest one by one; the first fault sticks.
class ManifestReader {
 public:
  explicit ManifestReader(const Value& manifest) : root_(manifest) {}

  Result<Manifest> read() {
    Manifest manifest;
    read_min_host_minor(manifest); // first: what a later hub is needed for may be what this one does not know
    read_names(manifest);
    read_operations(manifest);
    read_execution(manifest);
    read_sections(manifest);
    read_subject(manifest);
    read_identifiers(manifest);
    read_grants(manifest);
    read_rate_limit(manifest);
    read_metrics(manifest);
    refuse_unknown(root_, "",
                   {"name", "version", "summary", "license", "operations", "execution", "max_concurrency", "sections",
                    "subject", "identifiers", "grants", "metrics", "rate_limit", "min_host_minor", "$schema"});
    if (!fault_.empty()) return fail(Code::malformed, "its manifest: " + fault_);
    return manifest;
  }

 private:
  void fault(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }

  const Value* take(const char* key) const { return json::member(root_, key); }

  std::string text(const char* key) {
    const Value* value = take(key);
    if (value != nullptr && value->IsString() && value->GetStringLength() > 0)
      return std::string(json::text_of(*value));
    fault(std::string("/") + key + ": must be a string, and not empty");
    return {};
  }

  void read_names(Manifest& manifest) {
    manifest.name = text("name");
    manifest.version = text("version");
    manifest.summary = text("summary");
    if (take("license") != nullptr) manifest.license = text("license");
    if (!is_connector_name(manifest.name))
      fault("/name: must be a small letter, then up to 31 small letters, digits or _");
    if (!SemVer::parse(manifest.version)) fault("/version: must be like \"1.0.0\" (semver.org)");
  }

  void read_operations(Manifest& manifest) {
    for (const std::string& operation : strings(take("operations"), "/operations")) {
      if (operation == "lookup")
        manifest.lookup = true;
      else if (operation == "derive")
        manifest.derive = true;
      else if (operation == "authenticate")
        manifest.authenticate = true;
      else if (operation == "logout")
        manifest.logout = true;
      else if (operation == "export")
        manifest.export_subject = true;
      else if (operation == "erase")
        manifest.erase_subject = true;
      else
        fault("/operations: this hub knows \"lookup\", \"derive\", \"authenticate\", \"logout\", \"export\" and "
              "\"erase\", not \"" +
              operation + "\"");
    }
    if (manifest.logout && !manifest.authenticate)
      fault("/operations: \"logout\" ends what \"authenticate\" of the same plugin began: it needs that too");
    if (!manifest.lookup && !manifest.derive && !manifest.authenticate && !manifest.export_subject &&
        !manifest.erase_subject)
      fault("/operations: must name what the plugin can be asked: \"lookup\", \"derive\", \"authenticate\", "
            "\"export\", \"erase\"");
  }

  void read_execution(Manifest& manifest) {
    const std::string execution = text("execution");
    if (execution == "async")
      manifest.execution = Execution::async;
    else if (execution != "blocking")
      fault("/execution: must be \"async\" or \"blocking\"");
    const Value* most = take("max_concurrency");
    if (most == nullptr) return;
    if (!most->IsUint() || most->GetUint() < 1 || most->GetUint() > kMostConcurrency)
      return fault("/max_concurrency: must be a whole number from 1 to " + std::to_string(kMostConcurrency));
    manifest.max_concurrency = most->GetUint();
  }

  void read_sections(Manifest& manifest) {
    const Value* sections = take("sections");
    if (sections == nullptr) {
      if (manifest.lookup || manifest.derive)
        fault("/sections: a plugin that looks up or derives says its sections, or where they are configured");
    } else if (json::member(*sections, "from_config") != nullptr) {
      manifest.sections_pointer = place(*sections, "/sections");
    } else if (sections->IsObject()) {
      manifest.sections_text = json::to_text(*sections);
      check_operations(*sections, manifest);
    } else {
      fault("/sections: must be an object of sections, or {\"from_config\": POINTER} where they are configured");
    }
  }

  void read_subject(Manifest& manifest) {
    const Value* subject = take("subject");
    const bool asked = manifest.export_subject || manifest.erase_subject;
    if (subject == nullptr) {
      if (asked)
        fault("/subject: a plugin that exports or erases says by what it knows a customer: {\"needs\": [[\"email\"]]}");
      return;
    }
    if (!asked)
      return fault("/subject: says what \"export\" and \"erase\" need, and neither stands under \"operations\"");
    const Value* needs = subject->IsObject() ? json::member(*subject, "needs") : nullptr;
    if (needs == nullptr || !needs->IsArray() || needs->Empty())
      return fault("/subject: must be an object with a list of groups: {\"needs\": [[\"email\", \"phone\"]]}");
    refuse_unknown(*subject, "/subject", {"needs"});
    manifest.subject_needs_text = json::to_text(*needs);
  }

  void read_min_host_minor(Manifest& manifest) {
    const Value* least = take("min_host_minor");
    if (least == nullptr) return;
    if (!least->IsUint() || least->GetUint() > std::numeric_limits<std::uint16_t>::max())
      return fault("/min_host_minor: must be a whole number, the N of the ABI 1.N that the hub must speak");
    manifest.min_host_minor = least->GetUint();
    if (*manifest.min_host_minor > PLUGBOARD_ABI_MINOR) fault(needs_later_hub(*manifest.min_host_minor));
  }

  void check_operations(const Value& sections, const Manifest& manifest) {
    bool any_derived = false;
    for (const auto& entry : sections.GetObject()) {
      const bool derived = entry.value.IsObject() && json::member(entry.value, "from") != nullptr;
      any_derived = any_derived || derived;
      const std::string at = json::pointer_append("/sections", json::text_of(entry.name));
      if (derived && !manifest.derive) fault(at + "/from: such a section needs \"derive\" among the operations");
      if (!derived && !manifest.lookup)
        fault(at + ": needs \"lookup\" among the operations, or \"from\", what it is computed from");
    }
    if (manifest.derive && !any_derived)
      fault("/operations: \"derive\" needs a section with \"from\": what it is computed from");
  }

  void read_identifiers(Manifest& manifest) {
    const Value* identifiers = take("identifiers");
    if (identifiers == nullptr) {
      if (manifest.authenticate) fault("/identifiers: a plugin that authenticates says what identifiers it may give");
    } else if (json::member(*identifiers, "from_config") != nullptr) {
      manifest.identifiers_pointer = place(*identifiers, "/identifiers");
    } else {
      manifest.identifiers = strings(identifiers, "/identifiers");
    }
  }

  void read_grants(Manifest& manifest) {
    const Value* grants = take("grants");
    if (grants == nullptr) return;
    if (!grants->IsObject()) return fault("/grants: must be an object: {\"egress\": […], \"files\": […]}");
    refuse_unknown(*grants, "/grants", {"egress", "files"});
    if (const Value* egress = json::member(*grants, "egress")) manifest.egress = strings(egress, "/grants/egress");
    if (const Value* files = json::member(*grants, "files")) manifest.files = strings(files, "/grants/files");
  }

  void read_rate_limit(Manifest& manifest) {
    const Value* rate = take("rate_limit");
    if (rate == nullptr) return;
    if (!rate->IsObject()) return fault("/rate_limit: must be an object: {\"per_second\": 50, \"burst\": 100}");
    refuse_unknown(*rate, "/rate_limit", {"per_second", "burst"});
    if (!read_rate(*rate, manifest.rate))
      fault("/rate_limit: \"per_second\" must be a number from 0.001 to 1000000, \"burst\" a whole one from 1 to "
            "1000000");
  }

  void read_metrics(Manifest& manifest) {
    const Value* metrics = take("metrics");
    if (metrics == nullptr) return;
    auto specs = read_metric_specs(*metrics, "/metrics");
    if (!specs) return fault(specs.error().message);
    manifest.metrics = std::move(*specs);
  }

  std::string place(const Value& object, const std::string& at) { // {"from_config": a JSON Pointer}
    refuse_unknown(object, at, {"from_config"});
    const std::string text(json::text_of(*json::member(object, "from_config")));
    if (text.empty() || !json::pointer_tokens(text))
      fault(at + "/from_config: must be a JSON Pointer into the configuration, such as \"/sections\"");
    return text;
  }

  std::vector<std::string> strings(const Value* list, const std::string& at) {
    std::vector<std::string> texts;
    if (list == nullptr || !list->IsArray()) {
      fault(at + ": must be a list of strings");
      return texts;
    }
    for (const Value& item : list->GetArray()) {
      if (!item.IsString() || item.GetStringLength() == 0)
        fault(at + ": must be a list of strings, none of them empty");
      texts.emplace_back(json::text_of(item));
    }
    return texts;
  }

  void refuse_unknown(const Value& object, const std::string& at, std::initializer_list<std::string_view> known) {
    for (const auto& entry : object.GetObject()) {
      const auto key = json::text_of(entry.name);
      bool found = false;
      for (std::string_view name : known) found = found || name == key;
      if (!found) fault(json::pointer_append(at, key) + ": this hub does not know this member");
    }
  }

  const Value& root_;
  std::string fault_;
};

} // namespace

std::string needs_later_hub(unsigned minor) {
  const std::string major = std::to_string(PLUGBOARD_ABI_MAJOR) + ".";
  return "it needs a hub that speaks ABI " + major + std::to_string(minor) + " at least; this one speaks " + major +
         std::to_string(PLUGBOARD_ABI_MINOR) + ": install a later hub, or an earlier version of the plugin";
}

Result<Manifest> parse_manifest(std::string_view text) {
  const json::Document document = json::read_document(text, false);
  if (!document.faults.empty()) {
    const json::Fault& first = document.faults.front();
    return fail(Code::malformed, "its manifest is no JSON that can be relied on: " + first.pointer +
                                     (first.pointer.empty() ? "" : ": ") + first.message);
  }
  const json::TreeValue* manifest = json::member(document.tree, "manifest");
  const json::TreeValue* schema = json::member(document.tree, "config_schema");
  if (manifest == nullptr || !manifest->IsObject() || schema == nullptr || !schema->IsObject())
    return fail(Code::malformed, "its note must hold {\"manifest\": {…}, \"config_schema\": {…}}: build it with "
                                 "plugboard_add_plugin()");
  auto read = ManifestReader(*manifest).read();
  if (!read) return read.error();
  auto compiled = json::Schema::compile(json::to_text(*schema));
  if (!compiled) return fail(Code::malformed, "its config_schema: " + compiled.error().message);
  read->config_schema = std::make_shared<const json::Schema>(std::move(*compiled));
  return read;
}

} // namespace plugboard::connector
