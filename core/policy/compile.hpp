// From rules, a shape and a standing to the plan of one section. Once for each asker that differs, never on the way of
// each request. Pure. [any thread]
#pragma once

#include "core/json/shape_node.hpp"
#include "core/policy/view.hpp"

#include <vector>

namespace plugboard::policy {

struct Applied { // a rule that fits who asks
  const Rule* rule;
  std::size_t position; // among all rules
};

struct Compiled {
  PlanTree plan;
  std::vector<FieldRow> rows;
};

// floor: what the section asks for whatever a rule says. shape: null, or its root.
Compiled compile(const std::vector<Applied>& rules, Assurance floor, const json::ShapeNode* shape,
                 const Standing& standing);

} // namespace plugboard::policy
