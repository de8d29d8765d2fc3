// The published shapes and identifier types (sdk/shapes), embedded. Link plugboard::shapes. [any thread]
#pragma once

#include <span>
#include <string_view>

namespace plugboard {

struct PublishedShape {
  std::string_view name; // "contact/v1"
  std::string_view json; // its JSON Schema
};

std::span<const PublishedShape> shapes();
std::string_view shape_json(std::string_view name); // empty: no such shape
// {"identifiers": {"email": {"description", "format", "compare": "exact"|"ignore_case", "max_length"}, …}}
std::string_view identifier_types_json();

} // namespace plugboard
