#include "core/connector/identifier_types.hpp"

#include "core/base/assert.hpp"
#include "core/base/ids.hpp"
#include "core/json/document.hpp"

#include <plugboard/shapes.hpp>

namespace plugboard::connector {

IdentifierTypes IdentifierTypes::published() {
  IdentifierTypes types;
  const json::Document document = json::read_document(identifier_types_json(), false);
  const json::TreeValue* list = json::member(document.tree, "identifiers");
  PLUGBOARD_ASSERT(list != nullptr && list->IsObject());
  for (const auto& entry : list->GetObject()) {
    const json::TreeValue* compare = json::member(entry.value, "compare");
    types.bare_.emplace(json::text_of(entry.name), compare != nullptr && json::text_of(*compare) == "ignore_case");
  }
  return types;
}

std::optional<std::string> IdentifierTypes::resolve(std::string_view type, std::string_view connector) const {
  if (type.find('.') == std::string_view::npos) {
    if (!bare_.contains(type)) return std::nullopt;
    return std::string(type);
  }
  std::string whole = qualified(type, connector);
  if (!is_identifier_type(whole)) return std::nullopt;
  return whole;
}

bool IdentifierTypes::ignores_case(std::string_view type) const {
  const auto found = bare_.find(type);
  return found != bare_.end() && found->second;
}

std::string IdentifierTypes::refusal(std::string_view type) const {
  std::string text = "\"" + std::string(type) + "\" is no identifier type: write one of ";
  std::size_t left = bare_.size();
  for (const auto& [name, ignored] : bare_) text += name + (--left > 0 ? ", " : "");
  return text + "; or CONNECTOR.NAME (\".NAME\" for this connector's own) for what means something in one system only";
}

std::string qualified(std::string_view type, std::string_view connector) {
  if (!type.starts_with('.')) return std::string(type);
  return std::string(connector) + std::string(type);
}

} // namespace plugboard::connector
