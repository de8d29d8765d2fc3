// The hub's own secret keys, by name: tokens and client keys are stored only as keyed hashes that name their key, so
// that keys can be rotated. [immutable once made: any thread]
#pragma once

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::session {

struct KeyedHash {
  std::string key_id;
  std::string digest; // hex
  friend bool operator==(const KeyedHash&, const KeyedHash&) = default;
};

class Keys {
 public:
  // current must be among keys; each key at least 32 bytes. Error: invalid_argument with the key's name.
  static Result<Keys> make(std::string current, std::map<std::string, Secret> keys);
  // purpose separates domains: "session", "client"; the same token hashes differently under each.
  KeyedHash hash(std::string_view purpose, std::string_view token) const; // under the current key
  std::optional<KeyedHash> hash_under(const std::string& key_id, std::string_view purpose,
                                      std::string_view token) const;
  std::vector<KeyedHash> candidates(std::string_view purpose, std::string_view token) const; // current key first

  const std::string& current() const { return current_; }

  // For encryption, not for hashes: 32 bytes of their own for each key and purpose. None: no such key any more.
  std::optional<Secret> derived(const std::string& key_id, std::string_view purpose) const;

 private:
  std::string current_;
  std::map<std::string, Secret> keys_;
};

} // namespace plugboard::session
