#include "core/conformance/check_manifest.hpp"

#include "core/connector/identifier_types.hpp"
#include "core/connector/manifest.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/json/pointer.hpp"

namespace plugboard::conformance {
namespace {

using json::TreeValue;

// Faults below /sections that the schema has not found already: identifier types, which a pattern can't tell apart, and
// inputs that are called alike.
void check_sections(const TreeValue& sections, const std::string& name, Findings& findings) {
  if (json::member(sections, "from_config") != nullptr) return; // they are the operator's
  std::vector<json::Fault> faults;
  const auto specs = connector::read_section_specs(sections, "/sections", name, faults);
  for (const auto& fault : faults)
    findings.add(fault.pointer.find("/from/") == std::string::npos ? "manifest.identifiers" : "manifest.inputs",
                 fault.message, fault.pointer);
  const auto shapes = connector::published_shapes();
  const auto check = [&](const std::string& named, const std::string& at) {
    if (shapes.contains(named)) return;
    std::string known;
    for (const auto& [shape, ignored] : shapes) known += (known.empty() ? "" : ", ") + shape;
    findings.add("manifest.shapes", "\"" + named + "\" is none of: " + known + ".", at + "/shape");
  };
  for (const auto& spec : specs) {
    const auto at = json::pointer_append("/sections", spec.name);
    check(spec.shape, at);
    for (const auto& input : spec.from) check(input.shape, json::pointer_append(at + "/from", input.name));
  }
}

void check_subject(const TreeValue& subject, const std::string& name, Findings& findings) {
  std::vector<json::Fault> faults;
  const auto needs = connector::read_needs(*json::member(subject, "needs"), "/subject/needs", name, faults);
  for (const auto& fault : faults) findings.add("manifest.identifiers", fault.message, fault.pointer);
}

void check_identifiers(const TreeValue& identifiers, const std::string& name, Findings& findings) {
  if (!identifiers.IsArray()) return;
  const auto types = connector::IdentifierTypes::published();
  for (rapidjson::SizeType i = 0; i < identifiers.Size(); ++i)
    if (!types.resolve(json::text_of(identifiers[i]), name))
      findings.add("manifest.identifiers", types.refusal(json::text_of(identifiers[i])),
                   "/identifiers/" + std::to_string(i));
}

// False: there is no use in reading on.
bool follows_schema(const TreeValue& manifest, Findings& findings) {
  const auto schema = json::Schema::compile(manifest_schema()).value(); // ours: tests compile it
  const auto faults = schema.check(manifest);
  for (const auto& fault : faults) findings.add("manifest.schema", fault.message, fault.pointer);
  return faults.empty();
}

bool is_sound(const TreeValue& config_schema, Findings& findings) {
  const auto compiled = json::Schema::compile(json::to_text(config_schema));
  if (!compiled) findings.add("config.schema", compiled.error().message);
  return bool(compiled);
}

} // namespace

void check_manifest(std::string_view text, Findings& findings) {
  const auto document = json::read_document(text, false);
  for (const auto& fault : document.faults) findings.add("manifest.json", fault.message, fault.pointer);
  const TreeValue* manifest = json::member(document.tree, "manifest");
  const TreeValue* schema = json::member(document.tree, "config_schema");
  if (manifest == nullptr || !manifest->IsObject() || schema == nullptr || !schema->IsObject()) {
    if (document.faults.empty())
      findings.add("manifest.json", "Its note must hold {\"manifest\": {…}, \"config_schema\": {…}}.");
    return;
  }
  const bool sound = is_sound(*schema, findings);
  if (!follows_schema(*manifest, findings)) return;
  const std::string name(json::text_of(*json::member(*manifest, "name")));
  if (const TreeValue* sections = json::member(*manifest, "sections")) check_sections(*sections, name, findings);
  if (const TreeValue* subject = json::member(*manifest, "subject")) check_subject(*subject, name, findings);
  if (const TreeValue* list = json::member(*manifest, "identifiers")) check_identifiers(*list, name, findings);
  if (!sound || !document.faults.empty()) return;
  if (const auto parsed = connector::parse_manifest(text); !parsed)
    findings.add("manifest.hub", "This hub refuses it: " + parsed.error().message + ".");
}

} // namespace plugboard::conformance
