#include "plugins/oidc/begun.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <plugboard/text.hpp>

namespace oidc {

std::string to_text(const Begun& begun) {
  using plugboard::json_string;
  std::string text = "{\"state\":" + json_string(begun.state) + ",\"nonce\":" + json_string(begun.nonce) +
                     ",\"verifier\":" + json_string(begun.verifier) +
                     ",\"redirect_uri\":" + json_string(begun.redirect_uri);
  if (begun.max_age_s) text += ",\"max_age\":" + std::to_string(*begun.max_age_s);
  if (!begun.acr_values.empty()) {
    text += ",\"acr\":[";
    for (const auto& value : begun.acr_values) text += (text.back() == '[' ? "" : ",") + json_string(value);
    text += ']';
  }
  return text + "}";
}

std::optional<Begun> read_begun(std::string_view text) {
  jwt::Document document;
  if (jwt::read_json_object(text, document)) return std::nullopt;
  Begun begun;
  const std::pair<const char*, std::string*> texts[] = {{"state", &begun.state},
                                                        {"nonce", &begun.nonce},
                                                        {"verifier", &begun.verifier},
                                                        {"redirect_uri", &begun.redirect_uri}};
  for (const auto& [name, place] : texts) {
    *place = jwt::text_member(document, name).value_or("");
    if (place->empty()) return std::nullopt;
  }
  if (const auto* age = jwt::member(document, "max_age")) {
    if (!age->IsInt64() || age->GetInt64() < 0) return std::nullopt;
    begun.max_age_s = age->GetInt64();
  }
  if (const auto* values = jwt::member(document, "acr")) {
    if (!values->IsArray()) return std::nullopt;
    for (const auto& value : values->GetArray()) {
      if (!value.IsString()) return std::nullopt;
      begun.acr_values.emplace_back(jwt::text_of(value));
    }
  }
  return begun;
}

} // namespace oidc
