#include "core/policy/sight.hpp"

namespace plugboard::policy {

class SharedViews {
 public:
  SharedViews(PolicyPtr policy, const Asker& asker)
      : policy_(std::move(policy)), tenant_(asker.tenant), client_(asker.client), channel_(asker.channel),
        purpose_(asker.purpose), standing_(asker.standing), views_(policy_->sections().size()) {}

  const Policy& policy() const { return *policy_; }

  const View& of(std::size_t section) {
    auto& view = views_[section];
    if (!view) view = policy_->view({tenant_, client_, channel_, purpose_, nullptr, standing_}, section);
    return *view;
  }

 private:
  PolicyPtr policy_;
  std::string tenant_, client_, channel_, purpose_;
  Standing standing_;
  std::vector<std::optional<View>> views_; // by section
};

Sight::Sight(PolicyPtr policy, const Asker& asker)
    : Sight(std::make_shared<SharedViews>(std::move(policy), asker), asker) {}

Sight::Sight(std::shared_ptr<SharedViews> views, const Asker& asker) : views_(std::move(views)) {
  for (const auto& section : views_->policy().sections()) may_name_.push_back(may_name(asker, section.name));
}

const View& Sight::of(std::size_t section) const {
  static const View kNothing;
  return section < may_name_.size() && may_name_[section] ? views_->of(section) : kNothing;
}

Sight Views::sight(const PolicyPtr& policy, const Asker& asker) {
  if (policy_ != policy || views_.size() == kMost) {
    views_.clear();
    policy_ = policy;
  }
  std::string key = policy->standing_key(asker.standing);
  for (auto part : {asker.tenant, asker.client, asker.channel, asker.purpose})
    key.append(" ").append(std::to_string(part.size())).append(" ").append(part);
  auto& views = views_[key];
  if (!views) views = std::make_shared<SharedViews>(policy, asker);
  return Sight(views, asker);
}

} // namespace plugboard::policy
