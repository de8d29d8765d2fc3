// Station 5: which sections this request runs. Those asked for; those that they are computed from; and for each
// identifier they lack the first declared section that can yield it. What was not asked for nobody will see, and it is
// run only if its connector takes what the session proved for enough. Pure.
#pragma once

#include "core/base/identifier.hpp"
#include "core/context/catalog.hpp"

#include <vector>

namespace plugboard::context {

struct Plan {
  std::vector<std::size_t> sections; // positions in the catalog, declared order; asked ones and those run for them
  std::vector<bool> asked;           // for each of them
  std::vector<bool> can_start;       // by position in the catalog: sooner or later, as far as identifiers' types tell
};

// asked: positions in the catalog, which policy let through. known: what the session brings. proved: how well.
Plan make_plan(const Catalog& catalog, const std::vector<std::size_t>& asked, const std::vector<Identifier>& known,
               Assurance proved);

} // namespace plugboard::context
