// A JSON Pointer, then a document: the hub's, `rest`'s and `jwt`'s readings of it find the same.
#include "core/json/pointer.hpp"
#include "core/json/document.hpp"
#include "core/json/reader.hpp"
#include "tests/fuzz/plugin_readers.hpp"
#include "tests/fuzz/target.hpp"

#include <optional>
#include <string>

namespace plugboard::fuzz {
namespace {

using Found = std::optional<std::string>; // compact JSON; none: nothing there, or null

Found by_hub(json::Value root, std::string_view pointer) {
  const auto value = root.at_pointer(pointer);
  return value.found() && value.type() != json::Type::null ? Found(json::to_text(value)) : Found();
}

Found by_document(const json::Tree& root, std::string_view pointer) {
  const auto* value = json::at_pointer(root, pointer);
  return value && !value->IsNull() ? Found(json::to_text(*value)) : Found();
}

bool is_plain(std::string_view text) { // spelt alike by both: no container, real number or escape
  return text.find_first_of("{[.eE\\") == std::string_view::npos;
}

} // namespace

void fuzz(std::string_view input) {
  const auto text = take_line(input);
  const auto tokens = json::pointer_tokens(text);
  const auto by_rest = sought_by_rest(text, input);
  require(tokens.has_value() == by_rest.is_pointer, "hub and rest agree on what a pointer is");
  if (!tokens) return;
  std::string again;
  for (const auto& token : *tokens) again = json::pointer_append(again, token);
  require(again == text, "a pointer is written again as it was");
  json::Reader reader({1 << 16, 64, 1000});
  const auto value = reader.read(input);
  if (!value || has_large_exponent(input)) return;
  const auto document = json::read_document(input, false);
  require(document.faults.empty(), "the reader for people's files reads what the strict one reads");
  const auto by_strict = by_hub(*value, text), by_tree = by_document(document.tree, text);
  require(by_strict.has_value() == by_tree.has_value(), "the hub's two readers find the same");
  require(by_strict.has_value() == by_rest.found, "rest finds the same");
  if (by_strict && is_plain(*by_strict)) require(*by_strict == *by_tree, "and it is the same");
  if (text.empty() || text.find('\0') != std::string_view::npos || !is_taken_by_jwt(input)) return;
  const auto by_jwt = sought_by_jwt(text, input);
  require(by_jwt.is_pointer && by_jwt.found == by_strict.has_value(), "jwt finds the same");
}

} // namespace plugboard::fuzz
