// How often something may be done, as manifests and configurations write it: {"per_second": 50, "burst": 100}. Values.
#pragma once

#include "core/json/tree.hpp"

#include <map>
#include <string>

namespace plugboard::connector {

struct Rate {
  double per_second = 0; // 0: no limit
  double burst = 0;      // at once, after a quiet while; 0: what comes in a second, one at least
};

double burst_of(const Rate& rate);                          // what is at once, at last
Rate smaller(const Rate& a, const Rate& b);                 // what keeps to both
bool read_rate(const json::TreeValue& written, Rate& rate); // false: it is none

struct UpstreamRates {                   // of one connector
  Rate each{};                           // upstream
  std::map<std::string, Rate> of_some{}; // by grant, "https:api.shop.example"; never more than `each`

  Rate of(const std::string& grant) const;
};

} // namespace plugboard::connector
