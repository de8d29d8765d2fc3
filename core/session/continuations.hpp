// Logins of several steps, between two of them: what the plugin wants back, and for whom, behind a token that opens it
// once. Kept in the store, encrypted under one of the hub's keys: a hub that starts anew goes on with them. [any
// thread; handlers run through the given Poster]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <memory>

namespace plugboard::session {

struct Continuation {
  std::string tenant, client; // which alone may go on with it
  std::string connector;
  std::string state;              // the plugin's own
  std::vector<KeyedHash> step_up; // the session's token (Sessions::hashes_of); empty: it is a login
};

class Continuations {
 public:
  // All that is given by reference lives at least as long as the database.
  static std::unique_ptr<Continuations> make(store::Database& database, const Keys& keys, const Clock& clock,
                                             Random& random, Log& log, Metrics& metrics);
  virtual ~Continuations() = default;

  struct Opened {
    Secret token; // "pbc_…": shown to the client once, stored nowhere
    WallTime expires_at;
  };

  // For as long as `wanted`, and at most ten minutes. Error: too_large (the state is over 32 KiB), overloaded (this
  // client has begun too many), or the store's.
  virtual void open(Continuation continuation, WallTime wanted, store::Poster back,
                    std::function<void(Result<Opened>)> done) = 0;

  // What this client goes on with; nobody else does from now on. Error: not_found for everything else, not told apart.
  virtual void take(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                    std::function<void(Result<Continuation>)> done) = 0;

  virtual void tend() = 0; // purges what is over; called by the daemon every few seconds
};

} // namespace plugboard::session
