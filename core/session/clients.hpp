// Station 2: which client calls? By the key or the certificate that it presents. A directory of the configuration's
// clients over those that the store holds (added by admin API and CLI), all in memory. [find: any thread, no I/O]
#pragma once

#include "core/base/random.hpp"
#include "core/session/certificate_rule.hpp"
#include "core/session/client.hpp"
#include "core/session/client_uses.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <memory>
#include <span>

namespace plugboard::session {

using ClientPtr = std::shared_ptr<const Client>;

struct ConfiguredClient {
  Client client;
  Secret key; // empty: it is known by its certificate alone
  std::optional<CertificateRule> certificate{};
  Secret previous_key{}; // as good as key; empty: there is none
};

class Clients {
 public:
  // Reads the store's clients. Error: the store's.
  static Result<std::unique_ptr<Clients>> make(store::Database& database, const Keys& keys, const Clock& clock,
                                               Random& random, Log& log, Metrics& metrics);
  virtual ~Clients() = default; // hands what waits for tend() to the store

  // Puts the configuration's clients in place of those of the configuration before. Where one has the id of a stored
  // client, it stands before that one as long as it is configured. Error: invalid_argument when two have one id, key
  // or certificate, one has neither of these, or a key is shorter than 16 characters; then nothing is changed.
  virtual Result<void> configure(std::vector<ConfiguredClient> clients) = 0;

  virtual ClientPtr find(std::string_view key) const = 0; // null: nobody's

  // All whom this certificate, whose chain has been verified, belongs to by any of its names: none, one, or, if it has
  // names of several, these.
  virtual std::vector<ClientPtr> find(const CertificateNames& certificate) const = 0;

  virtual std::vector<ClientPtr> list() const = 0; // by tenant and id

  struct Added {
    ClientPtr client;
    Secret key;                          // "pbk_…": shown once
    std::optional<WallTime> old_until{}; // of a rotation: the key before is good as long
  };

  // Durable before they are answered. conflict: of a client that the configuration holds; add: or the store.
  virtual void add(Client client, store::Poster back, std::function<void(Result<Added>)> done) = 0;

  // Gives it a new key. The one that it has is good for so long yet, any before that no more. not_found: there is none.
  virtual void rotate(ClientId client, Duration overlap, store::Poster back,
                      std::function<void(Result<Added>)> done) = 0;
  virtual void remove(ClientId client, store::Poster back, std::function<void(Result<void>)> done) = 0;

  // Puts into the store what of quotas is gone, and forgets keys that have ended; called by the daemon every few
  // seconds.
  virtual void tend() = 0;
};

} // namespace plugboard::session
