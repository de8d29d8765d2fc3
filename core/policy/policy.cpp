#include "core/policy/policy.hpp"

#include "core/policy/pattern.hpp"

#include <algorithm>

namespace plugboard::policy {

bool may_name(const Asker& asker, std::string_view section) {
  return asker.sections && std::any_of(asker.sections->begin(), asker.sections->end(),
                                       [&](const auto& pattern) { return pattern_covers(pattern, section); });
}

View Policy::view(const Asker& asker, std::size_t section) const {
  const Challenge floor{sections_[section].floor};
  View view;
  view.verdict = asker.standing.meets(floor) ? Verdict::allowed : Verdict::step_up;
  if (view.verdict == Verdict::step_up) view.challenge = floor;
  return view;
}

} // namespace plugboard::policy
