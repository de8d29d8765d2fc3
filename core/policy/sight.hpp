// What one asker sees of every section, for one request. Held by the request from selection to payload, so that both
// go by the same. [the request's thread]
#pragma once

#include "core/policy/policy.hpp"

#include <memory>
#include <vector>

namespace plugboard::policy {

class Sight {
 public:
  Sight() = default; // sees nothing
  Sight(const Policy& policy, const Asker& asker);

  const View& of(std::size_t section) const; // position in the catalog

 private:
  std::vector<View> views_; // by section
};

} // namespace plugboard::policy
