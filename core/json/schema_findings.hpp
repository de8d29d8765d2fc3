// What schema_faults.cpp works with while it looks: a fault, and what sort it is, so that the most telling branch of an
// anyOf can be chosen. [one thread]
#pragma once

#include "core/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace plugboard::json {

struct Finding {
  enum class Kind : std::uint8_t { type = 1, constant, missing, other };
  Kind kind;
  Fault fault;
  std::string member; // missing: its name; type: what it must be
};

using Findings = std::vector<Finding>;

// What to say of a value that fits none of the branches of an anyOf or oneOf. `refused`: for each branch what it found.
Findings choose_among(const std::vector<Findings>& refused, const std::string& pointer);

// Several branches of a oneOf fit.
Finding several_fit(const TreeValue& branches, const TreeValue& value, const std::string& pointer);

std::string quoted(std::string_view text);
std::string either(const std::vector<std::string>& words); // "a", "a or b", "a, b or c"

} // namespace plugboard::json
