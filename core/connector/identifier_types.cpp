#include "core/connector/identifier_types.hpp"

#include "core/base/assert.hpp"
#include "core/base/ids.hpp"
#include "core/json/document.hpp"

#include <plugboard/shapes.hpp>

namespace plugboard::connector {
namespace {

IdentifierForm form_of(const json::TreeValue& published) {
  const json::TreeValue* format = json::member(published, "format");
  const json::TreeValue* compare = json::member(published, "compare");
  const json::TreeValue* length = json::member(published, "max_length");
  PLUGBOARD_ASSERT(format != nullptr && compare != nullptr && length != nullptr && length->IsUint());
  IdentifierForm form;
  if (json::text_of(*format) == "email") form.format = IdentifierForm::Format::email;
  if (json::text_of(*format) == "e164") form.format = IdentifierForm::Format::e164;
  form.ignore_case = json::text_of(*compare) == "ignore_case";
  form.max_length = length->GetUint();
  return form;
}

} // namespace

IdentifierTypes IdentifierTypes::published() {
  IdentifierTypes types;
  const json::Document document = json::read_document(identifier_types_json(), false);
  const json::TreeValue* list = json::member(document.tree, "identifiers");
  PLUGBOARD_ASSERT(list != nullptr && list->IsObject());
  for (const auto& entry : list->GetObject()) types.bare_.emplace(json::text_of(entry.name), form_of(entry.value));
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

const IdentifierForm* IdentifierTypes::form(std::string_view type) const {
  const auto found = bare_.find(type);
  return found == bare_.end() ? nullptr : &found->second;
}

bool IdentifierTypes::ignores_case(std::string_view type) const {
  const auto* known = form(type);
  return known != nullptr && known->ignore_case;
}

std::string IdentifierTypes::refusal(std::string_view type) const {
  std::string text = "\"" + std::string(type) + "\" is no identifier type: write one of ";
  std::size_t left = bare_.size();
  for (const auto& [name, form] : bare_) text += name + (--left > 0 ? ", " : "");
  return text + "; or CONNECTOR.NAME (\".NAME\" for this connector's own) for what means something in one system only";
}

std::string qualified(std::string_view type, std::string_view connector) {
  if (!type.starts_with('.')) return std::string(type);
  return std::string(connector) + std::string(type);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

} // namespace plugboard::connector
