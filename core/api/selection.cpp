#include "core/api/selection.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

class Selecting {
 public:
  Selecting(const context::Catalog& catalog, const policy::Asker& asker)
      : catalog_(catalog), asker_(asker), wanted_(catalog.sections().size()) {}

  // A pattern opens out to what policy lets this client see, and no further.
  void pattern(const std::string& pattern) {
    for (std::size_t s = 0; s < wanted_.size(); ++s) {
      const auto& section = catalog_.sections()[s];
      if (!wanted_[s] && policy::pattern_covers(pattern, section.name) &&
          policy::decide(asker_, section.name, section.assurance) != policy::Verdict::denied)
        wanted_[s] = "{}";
    }
  }

  void name(const std::string& name, const std::string& params) {
    auto section = catalog_.find(name);
    if (section && policy::decide(asker_, name, Assurance::none) != policy::Verdict::denied) {
      if (!wanted_[*section] || params != "{}") wanted_[*section] = params;
    } else if (std::find(selection_.denied.begin(), selection_.denied.end(), name) == selection_.denied.end()) {
      selection_.denied.push_back(name);
    }
  }

  Selection selected() {
    for (std::size_t s = 0; s < wanted_.size(); ++s) {
      if (!wanted_[s]) continue;
      const auto& section = catalog_.sections()[s];
      if (policy::decide(asker_, section.name, section.assurance) == policy::Verdict::step_up)
        selection_.step_up.push_back({s, section.assurance});
      else
        selection_.asked.push_back({s, *wanted_[s]});
    }
    return std::move(selection_);
  }

 private:
  const context::Catalog& catalog_;
  const policy::Asker& asker_;
  std::vector<std::optional<std::string>> wanted_; // its params
  Selection selection_;
};

} // namespace

Selection select_sections(const context::Catalog& catalog, const ContextAsk& ask, const policy::Asker& asker) {
  Selecting selecting(catalog, asker);
  if (ask.sections.empty()) selecting.pattern("*");
  for (const auto& section : ask.sections) {
    if (section.pattern.find('*') != std::string::npos)
      selecting.pattern(section.pattern);
    else
      selecting.name(section.pattern, section.params);
  }
  for (const auto& name : ask.required) selecting.name(name, "{}");
  return selecting.selected();
}

std::vector<context::Conflict> conflicts_for(const policy::Asker& asker, const context::Catalog& catalog,
                                             const std::vector<Identifier>& known,
                                             std::vector<context::Conflict> conflicts) {
  auto is_hidden = [&](const std::string& source) {
    bool brought =
        std::any_of(known.begin(), known.end(), [&](const auto& identifier) { return identifier.source == source; });
    return !brought && std::none_of(catalog.sections().begin(), catalog.sections().end(), [&](const auto& section) {
      return policy::pattern_covers(source + ".*", section.name) &&
             policy::decide(asker, section.name, Assurance::none) != policy::Verdict::denied;
    });
  };
  std::erase_if(conflicts,
                [&](const auto& conflict) { return is_hidden(conflict.kept) || is_hidden(conflict.ignored); });
  return conflicts;
}

} // namespace plugboard::api
