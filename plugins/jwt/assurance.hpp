// How well a token proves who the customer is, by the operator's own table: acr and amr have no meaning that all
// issuers share. [any thread]
#pragma once

#include "plugins/jwt/strict_json.hpp"

#include <functional>
#include <map>
#include <string>

namespace jwt {

using LevelByName = std::map<std::string, std::string, std::less<>>; // to "aal1", "aal2" or "aal3"

struct AssuranceRules {
  std::string otherwise = "aal1"; // at least this
  LevelByName acr;                // by the value of acr
  LevelByName amr;                // by any value in amr
  std::string two_factors;        // when amr names methods of two kinds (know, have, are: RFC 8176); empty: no matter
};

bool is_level(std::string_view text);

// The highest level that any rule gives.
std::string assurance_of(const Value& claims, const AssuranceRules& rules);

} // namespace jwt
