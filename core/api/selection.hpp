// Which of the sections asked for this client may have: patterns opened out against the catalog, policy asked of each.
// What may not be seen and what does not exist come out the same. Pure.
#pragma once

#include "core/api/context_ask.hpp"
#include "core/context/catalog.hpp"
#include "core/context/payload.hpp"
#include "core/context/request.hpp"
#include "core/policy/sight.hpp"

#include <string>
#include <vector>

namespace plugboard::api {

struct Selection {
  std::vector<context::AskedSection> asked; // declared order
  std::vector<context::StepUp> step_up;     // declared order
  std::vector<std::string> denied;          // in the order they were named
};

Selection select_sections(const context::Catalog& catalog, const ContextAsk& ask, const policy::Sight& sight);

// Without those that name a connector of which this client may see nothing: it may have run for what it yields, but to
// this client it does not exist. What the session brought, it knows.
std::vector<context::Conflict> conflicts_for(const policy::Sight& sight, const context::Catalog& catalog,
                                             const std::vector<Identifier>& known,
                                             std::vector<context::Conflict> conflicts);

} // namespace plugboard::api
