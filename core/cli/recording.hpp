// What a connector's systems were asked and answered, as a scenario that can lie beside its sources: people's own
// values and secrets are others there (pseudonyms). Of headers it holds what an answer means, never who asks.
#pragma once

#include "core/base/random.hpp"
#include "core/cli/pseudonyms.hpp"
#include "core/conformance/scenario.hpp"

#include <string>
#include <vector>

namespace plugboard::cli {

class Recording {
 public:
  // random: for as long as this takes.
  Recording(const conformance::Scenario& scenario, std::vector<conformance::Exchange> exchanges, Random& random);

  // As conformance.json is written. gives: what the lookups gave in it, by lookup; may be empty.
  std::string text(const std::vector<conformance::Expected>& gives) const;

 private:
  const conformance::Scenario scenario_;
  const std::vector<conformance::Exchange> exchanges_;
  Pseudonyms pseudonyms_;
};

} // namespace plugboard::cli
