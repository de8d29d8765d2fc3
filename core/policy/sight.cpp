#include "core/policy/sight.hpp"

namespace plugboard::policy {

Sight::Sight(const Policy& policy, const Asker& asker) {
  for (std::size_t s = 0; s < policy.sections().size(); ++s)
    views_.push_back(may_name(asker, policy.sections()[s].name) ? policy.view(asker, s) : View());
}

const View& Sight::of(std::size_t section) const {
  static const View kNothing;
  return section < views_.size() ? views_[section] : kNothing;
}

} // namespace plugboard::policy
