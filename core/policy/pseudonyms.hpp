// Stands for a value without telling it: a hash under a key of the hub's own, which names that key. The same value has
// the same pseudonym in all sections of a tenant, and another in the next. [immutable once made: any thread]
#pragma once

#include "core/base/crypto.hpp"

#include <string>
#include <string_view>

namespace plugboard::policy {

class Pseudonyms {
 public:
  // key: one of the hub's; another is derived from it.
  Pseudonyms(std::string key_id, const Secret& key);

  std::string of(std::string_view tenant, std::string_view value) const; // "k1:bPzGjwJ9oX3QwTq8mC1u2A"

 private:
  std::string key_id_;
  Secret key_;
};

} // namespace plugboard::policy
