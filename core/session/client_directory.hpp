// All clients at one moment, by key and by id: the configuration's over the store's. Built anew at each change and
// swapped as a whole, so that a look-up needs only its pointer. [immutable once made: any thread]
#pragma once

#include "core/session/client_rows.hpp"
#include "core/session/clients.hpp"

#include <unordered_map>

namespace plugboard::session {

struct ClientEntry {
  ClientPtr client;
  KeyedHash key;
};

class ClientDirectory {
 public:
  // Error: invalid_argument when two different clients have one key.
  static Result<std::shared_ptr<const ClientDirectory>> make(const std::vector<ClientEntry>& configured,
                                                             const std::vector<ClientEntry>& stored);

  // By keyed hash: the time it takes says nothing about a key.
  ClientPtr find(const KeyedHash& key) const;

  bool has(const Client& client) const { return by_id_.contains({client.tenant, client.id}); }

  std::vector<ClientPtr> list() const;

 private:
  using Id = std::pair<std::string, std::string>; // tenant, id

  struct HashOfKeyedHash {
    std::size_t operator()(const KeyedHash& key) const { return std::hash<std::string>{}(key.digest); }
  };

  Result<void> enter(const ClientEntry& entry);

  std::map<Id, ClientPtr> by_id_;
  std::unordered_map<KeyedHash, ClientPtr, HashOfKeyedHash> by_key_;
};

} // namespace plugboard::session
