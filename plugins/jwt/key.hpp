// One verification key with the one algorithm it may be used for. A value; copies share the key, which OpenSSL wipes
// with the last of them. [any thread]
#pragma once

#include "plugins/jwt/algorithm.hpp"

#include <plugboard/types.hpp>

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

namespace jwt {

class Key {
 public:
  // Each refuses a key that is too weak or is none, and says why. Numbers are big-endian bytes.
  static plugboard::Result<Key> hmac(Algorithm algorithm, std::string_view secret);
  static plugboard::Result<Key> rsa(Algorithm algorithm, std::string_view modulus, std::string_view exponent);
  static plugboard::Result<Key> ecdsa(Algorithm algorithm, std::string_view x, std::string_view y);
  static plugboard::Result<Key> eddsa(std::string_view x);

  Algorithm algorithm() const { return algorithm_; }

  // Throws std::bad_alloc: want of memory is no verdict on a signature.
  bool verifies(std::string_view signed_text, std::string_view signature) const;

 private:
  Key(Algorithm algorithm, std::shared_ptr<EVP_PKEY> key) : algorithm_(algorithm), key_(std::move(key)) {}

  bool matches(std::string_view signed_text, std::string_view signature) const;
  bool verifies_mac(std::string_view signed_text, std::string_view mac) const;
  bool verifies_public(std::string_view signed_text, std::string_view signature) const;

  Algorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

} // namespace jwt
