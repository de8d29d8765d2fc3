// An issuer's key pair for tests, fresh from OpenSSL: signs tokens, well or badly, and shows its public half as a JWK.
#pragma once

#include "plugins/jwt/openssl.hpp"

#include <string>
#include <string_view>

namespace jwt::test {

class SigningKey {
 public:
  static SigningKey rsa(unsigned bits = 2048);
  static SigningKey p256();
  static SigningKey ec(const char* curve); // "P-256", "P-384", "P-521"
  static SigningKey ed25519();
  static SigningKey secret(std::string bytes); // for HMAC
  static SigningKey of(std::shared_ptr<EVP_PKEY> key);

  // A compact JWS over exactly these bytes, signed as alg says (RS256, PS384, ES512, EdDSA, HS256, …), whatever the
  // header says.
  std::string token(std::string_view alg, std::string_view header, std::string_view payload) const;

  // {"kty": …, its numbers}; more: further members, like R"("kid":"a","alg":"RS256")".
  std::string jwk(std::string_view more = {}) const;
  std::string public_pem() const;
  std::string sign(std::string_view alg, std::string_view text) const; // as JOSE writes it, but for the base64url

 private:
  int coordinate_size() const;
  std::string number(const char* parameter, int size) const; // base64url; size 0: as long as it is
  std::shared_ptr<EVP_PKEY> key_;
};

// {"alg":…} or {"alg":…,"kid":…}
std::string header(std::string_view alg, std::string_view kid = {});
// {"keys":[…]}
std::string jwks(std::initializer_list<std::string> keys);

} // namespace jwt::test
