#include "core/policy/pseudonyms.hpp"

#include <span>
#include <utility>

namespace plugboard::policy {

Pseudonyms::Pseudonyms(std::string key_id, const Secret& key) : key_id_(std::move(key_id)) {
  const auto derived = hmac_sha256(key, "plugboard:pseudonym:1");
  key_ = Secret(std::string(derived.begin(), derived.end()));
}

std::string Pseudonyms::of(std::string_view tenant, std::string_view value) const {
  constexpr std::size_t kBytes = 16;
  const auto hash = hmac_sha256(key_, std::to_string(tenant.size()) + ":" + std::string(tenant) + std::string(value));
  return key_id_ + ":" + base64url(std::span(hash).first(kBytes));
}

} // namespace plugboard::policy
