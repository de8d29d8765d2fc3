// What a token says about the customer, and where in it something stands. Believed only once the signature was checked.
// [any thread]
#pragma once

#include "plugins/jwt/strict_json.hpp"

#include <plugboard/types.hpp>

#include <rapidjson/pointer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jwt {

using JsonPointer = rapidjson::GenericPointer<Value, plugboard::JsonMemory>;

// One place in the claims: a claim's name ("email", "https://shop.example/plan") or a
// JSON Pointer ("/address/country").
class ClaimPath {
 public:
  explicit ClaimPath(std::string text); // throws std::invalid_argument for a broken pointer

  const Value* in(const Value& claims) const; // null: not there, or null

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::optional<JsonPointer> pointer_;
};

// A claim as an identifier or subject: a string, or an integer in decimal; no control characters, 1 to 512 bytes.
std::optional<std::string> name_in(const Value& value);

// true, or "true" as some issuers write it.
bool says_true(const Value* value);

struct TimeRules {
  std::int64_t leeway_s = 60;
  std::optional<std::int64_t> max_age_s; // since iat, which must then be there
};

struct TokenTimes { // unix seconds, whole
  std::int64_t expires_at = 0;
  std::optional<std::int64_t> issued_at, authenticated_at;
};

// exp, nbf, iat, auth_time against now. Failure: rejected.
plugboard::Result<TokenTimes> check_times(const Value& claims, const TimeRules& rules, std::int64_t now);

// Is `aud` (a string or an array of them) for any of these?
bool is_for(const Value& claims, const std::vector<std::string>& audiences);

} // namespace jwt
