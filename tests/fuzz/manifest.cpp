// A plugin's manifest with its configuration's schema, as they lie in its file; then that schema against a
// configuration, and the sections it declares.
#include "core/connector/manifest.hpp"
#include "core/base/ids.hpp"
#include "core/connector/semver.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {

void fuzz(std::string_view input) {
  const auto manifest = connector::parse_manifest(input);
  if (!manifest) return require(!manifest.error().message.empty(), "a refusal says why");
  require(is_connector_name(manifest->name), "a plugin has a name");
  require(connector::SemVer::parse(manifest->version).has_value(), "a plugin has a version");
  require(manifest->lookup || manifest->authenticate, "a plugin can be asked something");
  require(manifest->config_schema != nullptr, "a plugin says what its configuration is");
  const auto configuration =
      json::read_document(R"({"url": "https://crm.example", "list": [1, 2.5, null, {"a": "b"}]})", false);
  for (const auto& fault : manifest->config_schema->check(configuration.tree))
    require(!fault.message.empty(), "a fault says what is wrong");
  const auto sections = json::read_document(manifest->sections_text, false);
  require(sections.faults.empty(), "sections are JSON");
  std::vector<json::Fault> faults;
  for (const auto& section : connector::read_section_specs(sections.tree, "/sections", "crm", faults))
    require(is_connector_name(section.name) && !section.shape.empty(), "a section has a name and a shape");
}

} // namespace plugboard::fuzz
