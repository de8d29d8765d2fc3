#include "core/policy/standing.hpp"

#include <algorithm>

namespace plugboard::policy {

bool is_easier(const Challenge& a, const Challenge& b) {
  if (a.assurance != b.assurance) return a.assurance < b.assurance;
  return b.max_age && (!a.max_age || *a.max_age > *b.max_age);
}

Challenge combined(const Challenge& a, const Challenge& b) {
  Challenge both{std::max(a.assurance, b.assurance), a.max_age};
  if (b.max_age) both.max_age = a.max_age ? std::min(*a.max_age, *b.max_age) : *b.max_age;
  return both;
}

void Standing::proved(Assurance assurance, Duration ago) {
  auto& known = ago_[static_cast<std::size_t>(assurance)];
  known = known ? std::min(*known, ago) : ago;
  assurance_ = std::max(assurance_, assurance);
}

// Who proved more has proved this, too.
bool Standing::meets(const Challenge& challenge) const {
  if (challenge.assurance == Assurance::none && !challenge.max_age) return true;
  return std::any_of(ago_.begin() + static_cast<std::ptrdiff_t>(challenge.assurance), ago_.end(),
                     [&](const auto& ago) { return ago && (!challenge.max_age || *ago <= *challenge.max_age); });
}

Standing Standing::of(Assurance assurance, Duration ago) {
  Standing standing;
  standing.proved(assurance, ago);
  return standing;
}

} // namespace plugboard::policy
