#include "plugins/jwt/key_set.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <algorithm>

namespace jwt {

using plugboard::Failure;
using plugboard::Status;

KeySet KeySet::of_one(Key key) {
  KeySet set;
  set.keys_.push_back({std::nullopt, std::move(key)});
  set.any_kid_ = true;
  return set;
}

bool KeySet::add(std::optional<std::string> kid, Key key) {
  for (const Entry& entry : keys_)
    if (kid && entry.kid == kid && entry.key.algorithm() == key.algorithm()) return false;
  keys_.push_back({std::move(kid), std::move(key)});
  return true;
}

bool KeySet::knows(const std::optional<std::string>& kid) const {
  return !kid || any_kid_ ||
         std::any_of(keys_.begin(), keys_.end(), [&](const Entry& entry) { return entry.kid == kid; });
}

plugboard::Result<const Key*> KeySet::key_for(const Jws& token) const {
  const Key* found = nullptr;
  bool kid_known = false;
  for (const Entry& entry : keys_) {
    if (token.kid && !any_kid_ && entry.kid != token.kid) continue;
    kid_known = true;
    if (entry.key.algorithm() != token.algorithm) continue;
    if (found) return Failure{Status::rejected, "the token names no key (kid), and several could be meant"};
    found = &entry.key;
  }
  if (found) return found;
  if (!kid_known && !token.kid) return Failure{Status::rejected, "the issuer has no key"};
  if (!kid_known) return Failure{Status::rejected, "the issuer has no key with the kid " + in_quotes(*token.kid)};
  return Failure{Status::rejected, "the token says " + std::string(name_of(token.algorithm)) +
                                       ", which is not the algorithm of the issuer's key"};
}

plugboard::Result<Jws> KeySet::verified(Jws token) const {
  auto key = key_for(token);
  if (!key) return key.failure();
  if (!(*key)->verifies(token.signed_text, token.signature))
    return Failure{Status::rejected, "the signature is not that of the issuer's key"};
  return token;
}

} // namespace jwt
