#include "core/api/selection.hpp"

#include "core/policy/pattern.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace plugboard::api {

namespace {

class Selecting {
 public:
  Selecting(const context::Catalog& catalog, const policy::Sight& sight)
      : catalog_(catalog), sight_(sight), wanted_(catalog.sections().size()) {}

  // A pattern opens out to what policy lets this client see, and no further.
  void pattern(const std::string& pattern) {
    for (std::size_t s = 0; s < wanted_.size(); ++s)
      if (!wanted_[s] && policy::pattern_covers(pattern, catalog_.sections()[s].name) && !is_denied(s))
        wanted_[s] = "{}";
  }

  void name(const std::string& name, const std::string& params) {
    auto section = catalog_.find(name);
    if (section && !is_denied(*section)) {
      if (!wanted_[*section] || params != "{}") wanted_[*section] = params;
    } else if (denied_.insert(name).second) {
      selection_.denied.push_back(name);
    }
  }

  Selection selected() {
    for (std::size_t s = 0; s < wanted_.size(); ++s) {
      if (!wanted_[s]) continue;
      const auto& view = sight_.of(s);
      if (view.verdict == policy::Verdict::step_up)
        selection_.step_up.push_back({s, view.challenge});
      else
        selection_.asked.push_back({s, *wanted_[s]});
    }
    return std::move(selection_);
  }

 private:
  bool is_denied(std::size_t section) const { return sight_.of(section).verdict == policy::Verdict::denied; }

  const context::Catalog& catalog_;
  const policy::Sight& sight_;
  std::vector<std::optional<std::string>> wanted_; // its params
  std::unordered_set<std::string_view> denied_;    // views of what was asked: which are in the selection already
  Selection selection_;
};

} // namespace

Selection select_sections(const context::Catalog& catalog, const ContextAsk& ask, const policy::Sight& sight) {
  Selecting selecting(catalog, sight);
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

std::vector<context::Conflict> conflicts_for(const policy::Sight& sight, const context::Catalog& catalog,
                                             const std::vector<Identifier>& known,
                                             std::vector<context::Conflict> conflicts) {
  auto is_hidden = [&](const std::string& source) {
    bool brought =
        std::any_of(known.begin(), known.end(), [&](const auto& identifier) { return identifier.source == source; });
    if (brought) return false;
    for (std::size_t s = 0; s < catalog.sections().size(); ++s)
      if (policy::pattern_covers(source + ".*", catalog.sections()[s].name) &&
          sight.of(s).verdict != policy::Verdict::denied)
        return false;
    return true;
  };
  std::erase_if(conflicts, [&](const auto& conflict) {
    return (!conflict.kept.empty() && is_hidden(conflict.kept)) || is_hidden(conflict.ignored);
  });
  return conflicts;
}

} // namespace plugboard::api
