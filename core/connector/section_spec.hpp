// What a section is, before anybody asks for it: declared in a plugin's manifest or, for plugins whose sections are
// configured, in the connector's configuration. Values.
#pragma once

#include "core/json/document.hpp"

#include <string>
#include <vector>

namespace plugboard::connector {

struct Need {
  std::string type;
  bool verified = false;
};

using NeedGroup = std::vector<Need>; // any one of it will do

struct Echo {
  std::string pointer;      // into the section's data; a token * stands for every element
  std::string type;         // the identifier that must stand there, if it was asked with
  bool ignore_case = false; // as the published type compares
};

struct InputSpec {  // of a section that is computed from others: one of those
  std::string name; // the plugin's own for it; which section that is, the hub's configuration says
  std::string shape;
  bool optional = false; // it is computed without, too
};

struct SectionSpec {
  std::string name;  // "contact" of "crm.contact"
  std::string shape; // "contact/v1"
  std::string description;
  std::vector<NeedGroup> needs; // every group must be met
  std::vector<std::string> yields;
  std::vector<Echo> echo;
  std::vector<InputSpec>
      from{}; // not empty: it is not looked up but derived from these; yields and echo are empty then

  bool is_derived() const { return !from.empty(); }
};

// Reads {NAME: declaration, …}. Faults with their pointers (below `at`) are appended; a section with faults is left
// out; so is one that calls an input as another does, and means another shape. connector: ".x" in needs, yields and
// echo becomes "CONNECTOR.x".
std::vector<SectionSpec> read_section_specs(const json::TreeValue& object, std::string_view at,
                                            std::string_view connector, std::vector<json::Fault>& faults);

// The same of a list of groups that stands by itself: the "needs" of a manifest's "subject".
std::vector<NeedGroup> read_needs(const json::TreeValue& needs, std::string_view at, std::string_view connector,
                                  std::vector<json::Fault>& faults);

} // namespace plugboard::connector
