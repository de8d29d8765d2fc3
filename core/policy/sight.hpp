// What one asker sees of every section. Sight is a request's, held from selection to payload, so that both go by the
// same; Views keeps what was compiled, since most askers are like one before. [both: their thread]
#pragma once

#include "core/policy/policy.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::policy {

// The views of all askers that are alike, each compiled when it is first wanted.
class SharedViews;

class Sight {
 public:
  Sight() = default; // sees nothing
  Sight(PolicyPtr policy, const Asker& asker);

  const View& of(std::size_t section) const; // position in the catalog

 private:
  friend class Views;
  Sight(std::shared_ptr<SharedViews> views, const Asker& asker);

  std::shared_ptr<SharedViews> views_;
  std::vector<bool> may_name_; // by section
};

class Views {
 public:
  // Askers of another policy than before begin anew.
  Sight sight(const PolicyPtr& policy, const Asker& asker);

 private:
  static constexpr std::size_t kMost = 1024; // kinds of askers

  PolicyPtr policy_;
  std::map<std::string, std::shared_ptr<SharedViews>, std::less<>> views_;
};

} // namespace plugboard::policy
