// Which claims are identifiers of the customer, by the operator's word. [any thread]
#pragma once

#include "plugins/jwt/claims.hpp"

#include <plugboard/types.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jwt {

struct IdentifierRule {
  std::string type;
  ClaimPath claim;
  bool verified = false;                   // always, or
  std::optional<ClaimPath> verified_claim; // when this says so
};

// Those that the claims give: a claim that is absent, or no name, gives none.
std::vector<plugboard::Yield> identifiers_in(const Value& claims, const std::vector<IdentifierRule>& rules);

} // namespace jwt
