// Ed25519 signatures (RFC 8032): for statements that others check without knowing the hub's keys. [any thread]
#pragma once

#include "core/base/secret.hpp"

#include <string>
#include <string_view>

namespace plugboard {

class SigningKey {
 public:
  explicit SigningKey(const Secret& seed); // 32 bytes, uniformly random or derived from such

  const std::string& public_key() const { return public_key_; } // 32 bytes

  std::string sign(std::string_view bytes) const; // 64 bytes

 private:
  Secret seed_;
  std::string public_key_;
};

// False also for a key or a signature that is none.
bool is_signed_by(std::string_view public_key, std::string_view bytes, std::string_view signature);

} // namespace plugboard
