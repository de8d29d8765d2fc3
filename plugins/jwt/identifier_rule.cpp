#include "plugins/jwt/identifier_rule.hpp"

namespace jwt {

std::vector<plugboard::Yield> identifiers_in(const Value& claims, const std::vector<IdentifierRule>& rules) {
  std::vector<plugboard::Yield> found;
  for (const auto& rule : rules) {
    auto* value = rule.claim.in(claims);
    auto name = value ? name_in(*value) : std::nullopt;
    if (!name) continue;
    bool verified = rule.verified_claim ? says_true(rule.verified_claim->in(claims)) : rule.verified;
    found.push_back({rule.type, std::move(*name), verified});
  }
  return found;
}

} // namespace jwt
