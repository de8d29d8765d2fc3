// All clients at one moment, by key, certificate and id: the configuration's over the store's. Built anew at each
// change and swapped as a whole, so that a look-up needs only its pointer. [immutable once made: any thread]
#pragma once

#include "core/session/client_rows.hpp"
#include "core/session/client_uses.hpp"
#include "core/session/clients.hpp"

#include <map>
#include <optional>
#include <unordered_map>

namespace plugboard::session {

struct ClientKey {
  KeyedHash hash;
  WallTime until = WallTime::max(); // when it stops being good
};

struct ClientEntry { // known by its keys, a certificate, or either of them
  ClientPtr client;
  std::vector<ClientKey> keys;
  std::optional<CertificateRule> certificate{};
};

class ClientDirectory {
 public:
  // Error: invalid_argument when two different clients have one key or certificate.
  static Result<std::shared_ptr<const ClientDirectory>> make(const std::vector<ClientEntry>& configured,
                                                             const std::vector<ClientEntry>& stored);

  // By keyed hash: the time it takes says nothing about a key.
  ClientPtr find(const KeyedHash& key, WallTime now) const;

  std::vector<ClientPtr> find(const CertificateNames& names) const; // each once

  ClientPtr find(const ClientId& id) const; // null: there is none

  bool has_ended_keys(WallTime now) const;

  std::vector<ClientPtr> list() const;

 private:
  struct Owner {
    ClientPtr client;
    WallTime until;
  };

  struct HashOfKeyedHash {
    std::size_t operator()(const KeyedHash& key) const { return std::hash<std::string>{}(key.digest); }
  };

  Result<void> enter(const ClientEntry& entry);

  std::map<ClientId, ClientPtr> by_id_;
  std::unordered_map<KeyedHash, Owner, HashOfKeyedHash> by_key_;
  std::map<CertificateRule, ClientPtr> by_certificate_;
};

} // namespace plugboard::session
