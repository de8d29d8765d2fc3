#include "core/context/catalog.hpp"

#include "core/context/catalog_inputs.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

std::vector<bool> all_of(const Catalog& catalog) {
  return std::vector<bool>(catalog.sections().size(), true);
}

bool group_met(const std::vector<CatalogNeed>& group, const std::vector<bool>& known) {
  return std::any_of(group.begin(), group.end(), [&](const CatalogNeed& need) { return known[need.type]; });
}

bool needs_met(const CatalogSection& section, const std::vector<bool>& known) {
  return std::all_of(section.needs.begin(), section.needs.end(),
                     [&](const auto& group) { return group_met(group, known); });
}

bool inputs_can_start(const CatalogSection& section, const std::vector<bool>& can_start) {
  return std::all_of(section.inputs.begin(), section.inputs.end(),
                     [&](const CatalogInput& input) { return input.optional || can_start[input.section]; });
}

std::string names_of(const std::vector<CatalogNeed>& group, const Catalog& catalog) {
  std::string text;
  for (const auto& need : group) text += (text.empty() ? "" : " or ") + catalog.types()[need.type];
  return text;
}

// Says why a section can't start: an identifier that nobody yields, or the cycle it waits in.
class Explainer {
 public:
  Explainer(const Catalog& catalog, std::vector<bool> known) : catalog_(catalog), known_(std::move(known)) {
    auto can_start = reachable(catalog, known_, all_of(catalog));
    for (std::size_t s = 0; s < can_start.size(); ++s)
      if (can_start[s])
        for (auto type : catalog.sections()[s].yields) known_[type] = true;
  }

  // False: it waits for an input that can't start, which is that section's fault.
  bool lacks_identifier(std::size_t section) const { return !needs_met(catalog_.sections()[section], known_); }

  std::string why(std::size_t section) const {
    std::string chain;
    std::vector<std::size_t> path;
    for (auto at = section;;) {
      const auto& group = unmet_group(at);
      path.push_back(at);
      chain += catalog_.sections()[at].name + " needs " + names_of(group, catalog_);
      auto next = some_yielder(group);
      if (!next)
        return chain + ", which no session brings and no section yields; let a connector yield it, have the "
                       "login connector give it, or mend the name";
      chain += ", which only " + catalog_.sections()[*next].name + " yields";
      if (std::find(path.begin(), path.end(), *next) != path.end())
        return "a cycle: " + chain + "; give one of them an identifier that a session brings";
      chain += "; ";
      at = *next;
    }
  }

 private:
  const std::vector<CatalogNeed>& unmet_group(std::size_t section) const {
    const auto& needs = catalog_.sections()[section].needs;
    return *std::find_if(needs.begin(), needs.end(), [&](const auto& group) { return !group_met(group, known_); });
  }

  std::optional<std::size_t> some_yielder(const std::vector<CatalogNeed>& group) const {
    for (const auto& need : group)
      if (!catalog_.yielders(need.type).empty()) return catalog_.yielders(need.type).front();
    return std::nullopt;
  }

  const Catalog& catalog_;
  std::vector<bool> known_;
};

// A dotted type is one connector's own: when nobody yields it, it is a slip even if another of its group will do.
void refuse_unknown_types(const Catalog& catalog, const std::vector<bool>& from_session, const CatalogSection& section,
                          const std::string& pointer, std::vector<json::Fault>& faults) {
  for (const auto& group : section.needs)
    for (const auto& need : group) {
      const auto& type = catalog.types()[need.type];
      if (group.size() == 1 || from_session[need.type] || !catalog.yielders(need.type).empty() ||
          type.find('.') == std::string::npos)
        continue;
      faults.push_back({pointer, section.name + " needs " + type +
                                     ", which no session brings and no section yields; mend the name or remove it"});
    }
}

} // namespace

std::vector<bool> reachable(const Catalog& catalog, const std::vector<bool>& known_types,
                            const std::vector<bool>& may_run) {
  auto known = known_types;
  const auto& sections = catalog.sections();
  std::vector<bool> can_start(sections.size(), false);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t s = 0; s < sections.size(); ++s) {
      if (can_start[s] || !may_run[s]) continue;
      if (!needs_met(sections[s], known) || !inputs_can_start(sections[s], can_start)) continue;
      can_start[s] = moved = true;
      for (auto type : sections[s].yields) known[type] = true;
    }
  }
  return can_start;
}

TypeId Catalog::intern(const std::string& type, const connector::IdentifierTypes& published) {
  auto [at, added] = type_ids_.emplace(type, static_cast<TypeId>(types_.size()));
  if (added) {
    types_.push_back(type);
    ignores_case_.push_back(published.ignores_case(type));
    yielders_.emplace_back();
  }
  return at->second;
}

void Catalog::declare(const Declaration& declaration, const connector::IdentifierTypes& published) {
  for (std::size_t i = 0; i < declaration.sections.size(); ++i) {
    const auto& spec = declaration.sections[i];
    CatalogSection section{.name = declaration.connector + "." + spec.name,
                           .connector = declaration.connector_index,
                           .section = i,
                           .shape = spec.shape,
                           .description = spec.description,
                           .assurance = declaration.assurance,
                           .needs = {},
                           .yields = {},
                           .is_derived = spec.is_derived(),
                           .inputs = {}};
    for (const auto& group : spec.needs) {
      auto& into = section.needs.emplace_back();
      for (const auto& need : group) into.push_back({intern(need.type, published), need.verified});
    }
    auto index = sections_.size();
    for (const auto& type : spec.yields) {
      section.yields.push_back(intern(type, published));
      yielders_[section.yields.back()].push_back(index);
    }
    by_name_.emplace(section.name, index);
    sections_.push_back(std::move(section));
  }
}

std::shared_ptr<const Catalog> Catalog::build(const std::vector<Declaration>& declarations,
                                              const std::vector<std::string>& session_types,
                                              std::vector<json::Fault>& faults, bool whole) {
  const auto faults_before = faults.size();
  const auto published = connector::IdentifierTypes::published();
  auto catalog = std::make_shared<Catalog>();
  std::vector<std::string> pointers;
  for (const auto& type : session_types) catalog->intern(type, published);
  for (const auto& declaration : declarations) {
    catalog->declare(declaration, published);
    for (const auto& spec : declaration.sections)
      pointers.push_back(declaration.pointer + "/config/sections" + json::pointer_append("", spec.name));
  }
  link_inputs(declarations, whole, catalog->sections_, faults);

  std::vector<bool> from_session(catalog->types_.size(), false);
  for (const auto& type : session_types) from_session[catalog->type_ids_.at(type)] = true;
  if (!whole)
    for (TypeId type = 0; type < from_session.size(); ++type)
      if (catalog->yielders_[type].empty()) from_session[type] = true;
  auto can_start = reachable(*catalog, from_session, all_of(*catalog));
  Explainer explainer(*catalog, from_session);
  for (std::size_t s = 0; s < can_start.size(); ++s) {
    refuse_unknown_types(*catalog, from_session, catalog->sections_[s], pointers[s], faults);
    if (!can_start[s] && explainer.lacks_identifier(s)) faults.push_back({pointers[s] + "/needs", explainer.why(s)});
  }
  return faults.size() == faults_before ? catalog : nullptr;
}

std::optional<std::size_t> Catalog::find(std::string_view section) const {
  auto at = by_name_.find(section);
  if (at == by_name_.end()) return std::nullopt;
  return at->second;
}

std::optional<TypeId> Catalog::type(std::string_view name) const {
  auto at = type_ids_.find(name);
  if (at == type_ids_.end()) return std::nullopt;
  return at->second;
}

bool Catalog::same(TypeId type, std::string_view a, std::string_view b) const {
  return a == b || (ignores_case_[type] && connector::lower_case(a) == connector::lower_case(b));
}

} // namespace plugboard::context
