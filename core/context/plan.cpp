#include "core/context/plan.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

// The first declared yielder that can start at all when these are known. The same one whatever else is asked, so that
// an identifier's value does not depend on the company it is asked in.
std::optional<std::size_t> yielder_for(const Catalog& catalog, TypeId type, const std::vector<bool>& can_start) {
  for (auto section : catalog.yielders(type))
    if (can_start[section]) return section;
  return std::nullopt;
}

// An unverified identifier does not meet a need for a verified one, so a yielder may still have to be asked.
bool brought(const CatalogNeed& need, const std::vector<bool>& known, const std::vector<bool>& verified) {
  return need.verified ? verified[need.type] : known[need.type];
}

} // namespace

Plan make_plan(const Catalog& catalog, const std::vector<std::size_t>& asked, const std::vector<Identifier>& known,
               Assurance proved) {
  std::vector<bool> known_types(catalog.types().size(), false);
  auto verified_types = known_types;
  for (const auto& identifier : known)
    if (auto type = catalog.type(identifier.type)) {
      known_types[*type] = true;
      if (identifier.verified) verified_types[*type] = true;
    }

  std::vector<bool> in_plan(catalog.sections().size(), false), is_asked = in_plan, may_run = in_plan;
  std::vector<std::size_t> open = asked;
  for (auto section : asked) is_asked[section] = true;
  for (std::size_t s = 0; s < may_run.size(); ++s)
    may_run[s] = is_asked[s] || proved >= catalog.sections()[s].assurance;
  auto can_start = reachable(catalog, known_types, may_run);
  while (!open.empty()) {
    auto section = open.back();
    open.pop_back();
    if (in_plan[section]) continue;
    in_plan[section] = true;
    if (!can_start[section]) continue; // it will be skipped, and say what it lacks; nobody is asked in vain
    for (const auto& input : catalog.sections()[section].inputs)
      if (can_start[input.section]) open.push_back(input.section);
    for (const auto& group : catalog.sections()[section].needs) {
      bool met = std::any_of(group.begin(), group.end(),
                             [&](const auto& need) { return brought(need, known_types, verified_types); });
      if (met) continue;
      // Any one will do, and the first that can be had is taken; alternatives are not asked for in vain.
      for (const auto& need : group)
        if (auto yielder = yielder_for(catalog, need.type, can_start)) {
          open.push_back(*yielder);
          break;
        }
    }
  }

  Plan plan;
  for (std::size_t s = 0; s < in_plan.size(); ++s)
    if (in_plan[s]) {
      plan.sections.push_back(s);
      plan.asked.push_back(is_asked[s]);
    }
  plan.can_start = std::move(can_start);
  return plan;
}

} // namespace plugboard::context
