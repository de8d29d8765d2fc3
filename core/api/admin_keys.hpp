// Who may speak at the admin's side over TCP: by key, from the configuration alone. Keys are kept as keyed hashes, so
// that the time a look takes says nothing about them. [immutable once made: any thread]
#pragma once

#include "core/api/admin.hpp"
#include "core/base/secret.hpp"
#include "core/session/keys.hpp"

#include <map>
#include <vector>

namespace plugboard::api {

struct ConfiguredAdmin {
  Admin admin;
  Secret key, previous_key; // either is good; empty: there is no previous one
};

class AdminKeys {
 public:
  AdminKeys() = default;                                                            // nobody's
  AdminKeys(const session::Keys& keys, const std::vector<ConfiguredAdmin>& admins); // keys: outlives it

  std::optional<Admin> find(std::string_view key) const;

 private:
  const session::Keys* keys_ = nullptr;
  std::map<std::string, Admin> by_digest_;
};

} // namespace plugboard::api
