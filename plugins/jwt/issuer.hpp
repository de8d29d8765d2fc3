// One issuer that the operator trusts, and the keys it signs with now. Owned by the verifier. [any thread: keys() and
// replace() may run at the same time]
#pragma once

#include "plugins/jwt/key_set.hpp"
#include "plugins/jwt/settings.hpp"

#include <memory>
#include <mutex>

namespace jwt {

class Issuer {
 public:
  explicit Issuer(IssuerSettings settings) : settings_(std::move(settings)) {}

  const IssuerSettings& settings() const { return settings_; }

  std::shared_ptr<const KeySet> keys() const; // null: none yet
  void replace(KeySet keys);

 private:
  const IssuerSettings settings_;
  mutable std::mutex mutex_;
  std::shared_ptr<const KeySet> keys_;
};

} // namespace jwt
