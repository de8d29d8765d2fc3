#include "core/api/admin_keys.hpp"

namespace plugboard::api {

namespace {
constexpr std::string_view kPurpose = "admin";
constexpr std::size_t kLongestKey = 1024; // nobody's time is spent on hashing more
} // namespace

AdminKeys::AdminKeys(const session::Keys& keys, const std::vector<ConfiguredAdmin>& admins) : keys_(&keys) {
  for (const auto& [admin, key, previous_key] : admins)
    for (const Secret* one : {&key, &previous_key})
      if (!one->empty()) by_digest_.emplace(keys.hash(kPurpose, one->reveal()).digest, admin);
}

std::optional<Admin> AdminKeys::find(std::string_view key) const {
  if (!keys_ || key.empty() || key.size() > kLongestKey) return std::nullopt;
  const auto found = by_digest_.find(keys_->hash(kPurpose, key).digest);
  if (found == by_digest_.end()) return std::nullopt;
  return found->second;
}

} // namespace plugboard::api
