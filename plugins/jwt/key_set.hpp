// The keys that one issuer signs with. Never changed once made: a rotated file makes a new one. [any thread]
#pragma once

#include "plugins/jwt/jws.hpp"
#include "plugins/jwt/key.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jwt {

class KeySet {
 public:
  // The issuer's only key, whatever kid its tokens carry.
  static KeySet of_one(Key key);

  // False: a key of that kid and algorithm is there already, so that it would not be clear which is meant.
  bool add(std::optional<std::string> kid, Key key);

  bool empty() const { return keys_.empty(); }

  std::size_t size() const { return keys_.size(); }

  // Whether a key may be meant. Without a kid: any.
  bool knows(const std::optional<std::string>& kid) const;

  // Failure: rejected, when no key may check it (the kid is unknown, the algorithm is another key's, or without a kid
  // several keys would do) or the signature is not the key's.
  plugboard::Result<Jws> verified(Jws token) const;

 private:
  struct Entry {
    std::optional<std::string> kid;
    Key key;
  };

  plugboard::Result<const Key*> key_for(const Jws& token) const;

  std::vector<Entry> keys_;
  bool any_kid_ = false;
};

struct ReadKeySet {
  KeySet keys;
  std::vector<std::string> ignored; // a sentence for each key that can't be used
};

// A JWKS (RFC 7517). `allowed`: algorithms that its keys may have; the order decides what an RSA key without "alg" is
// for. Failure: failed, when it is no key set, none of it can be used, or a kid is there twice.
plugboard::Result<ReadKeySet> read_jwks(std::string_view json, const std::vector<Algorithm>& allowed);

} // namespace jwt
