// The published bare identifier types (sdk/shapes/identifiers.json) and how a type is written in a configuration or by
// a plugin. Read once for each list of sections; never on the way of a request. Values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::connector {

class IdentifierTypes {
 public:
  // The list that the SDK publishes.
  static IdentifierTypes published();

  // "email" as it is, ".rep" as "CONNECTOR.rep", "crm.rep" as it is. None: neither a published type nor a dotted one.
  std::optional<std::string> resolve(std::string_view type, std::string_view connector) const;
  // Are "A@x" and "a@X" the same value of this type?
  bool ignores_case(std::string_view type) const;
  // For a fault's message: what is wrong with a type that resolve() refused, and what to write.
  std::string refusal(std::string_view type) const;

 private:
  std::map<std::string, bool, std::less<>> bare_; // by name: ignores case
};

// ".rep" of the plugin of "crm" means "crm.rep"; everything else means itself.
std::string qualified(std::string_view type, std::string_view connector);

} // namespace plugboard::connector
