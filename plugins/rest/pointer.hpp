// A JSON Pointer (RFC 6901) of the configuration, read once at create and followed in every answer. Immutable.
#pragma once

#include "plugins/rest/json.hpp"

#include <optional>

namespace plugboard::rest {

class Pointer {
 public:
  // Nothing when `text` is no JSON Pointer.
  static std::optional<Pointer> parse(std::string_view text);

  // Null when there is nothing; a JSON null counts as nothing, since systems write it for what they do not have.
  const Value* find(const Value& in) const;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> tokens_;
};

// `name` as one more token after `pointer`, escaped.
std::string below(std::string_view pointer, std::string_view name);

} // namespace plugboard::rest
