#include "plugins/jwt/issuer.hpp"

namespace jwt {

std::shared_ptr<const KeySet> Issuer::keys() const {
  std::lock_guard lock(mutex_);
  return keys_;
}

void Issuer::replace(KeySet keys) {
  auto fresh = std::make_shared<const KeySet>(std::move(keys));
  std::lock_guard lock(mutex_);
  keys_.swap(fresh); // the old one dies with its last user, not under the lock
}

} // namespace jwt
