// The published bare identifier types (sdk/shapes/identifiers.json) and how a type is written in a configuration or by
// a plugin. Read once for each list of sections; never on the way of a request. Values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::connector {

struct IdentifierForm { // of a published type
  enum class Format : std::uint8_t { text = 1, email, e164 };
  Format format = Format::text;
  bool ignore_case = false;
  std::size_t max_length = 0; // bytes
};

class IdentifierTypes {
 public:
  // The list that the SDK publishes.
  static IdentifierTypes published();

  // "email" as it is, ".rep" as "CONNECTOR.rep", "crm.rep" as it is. None: neither a published type nor a dotted one.
  std::optional<std::string> resolve(std::string_view type, std::string_view connector) const;
  // How values of a published type are written; null: a type of one connector's own.
  const IdentifierForm* form(std::string_view type) const;
  // Are "A@x" and "a@X" the same value of this type?
  bool ignores_case(std::string_view type) const;
  // For a fault's message: what is wrong with a type that resolve() refused, and what to write.
  std::string refusal(std::string_view type) const;

 private:
  std::map<std::string, IdentifierForm, std::less<>> bare_; // by name
};

// ".rep" of the plugin of "crm" means "crm.rep"; everything else means itself.
std::string qualified(std::string_view type, std::string_view connector);

std::string lower_case(std::string_view text); // A to Z

} // namespace plugboard::connector
