// Station 3: session token → the customer, proved once and looked up here. Live sessions are kept in memory (bounded,
// least recently used go) over the store, which is the truth: what was acknowledged survives power loss. A revocation
// counts in this hub from the moment revoke() is called, and is acknowledged once it is on disk. [any thread; handlers
// run through the given Poster, or at once on the caller's thread when the answer is in memory, as said]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/session/keys.hpp"
#include "core/session/session.hpp"
#include "core/store/database.hpp"

#include <functional>

namespace plugboard::session {

struct SessionLimits {
  Duration absolute = std::chrono::hours(12);
  Duration idle = std::chrono::minutes(30);
  std::size_t kept_in_memory = 100'000;
};

// What an authenticate plugin proved, checked and put into our words.
struct Proved {
  std::string tenant;
  std::string issuer, subject; // with tenant they name the customer for good
  Assurance assurance = Assurance::none;
  std::vector<std::string> methods;
  WallTime authenticated_at;
  std::optional<WallTime> expires_at;
  std::vector<Identifier> identifiers;
  std::string upstream_session; // the issuer's own id of its session; may be empty
};

struct Holder { // whom a token is issued to

  Holder(std::string client_id, std::string its_channel = {})
      : client(std::move(client_id)), channel(std::move(its_channel)) {}

  Holder(const char* client_id) : client(client_id) {}

  std::string client, channel;
};

struct Created {
  Secret token; // "pbs_…": shown to the client once, stored nowhere
  AccessPtr access;
};

class Sessions {
 public:
  // All that is given by reference lives at least as long as the database.
  static std::unique_ptr<Sessions> make(store::Database& database, const Keys& keys, const SessionLimits& limits,
                                        const Clock& clock, Random& random, Log& log, Metrics& metrics);
  virtual ~Sessions() = default; // hands what waits for tend() to the store; what is under way still gets its answer

  // Mints token, session and, the first time, the customer's id; answers after the commit. It lives as long as the
  // limits and the proof allow. Error: unauthenticated (the proof is over already; told at once), or the store's.
  virtual void create(Proved proved, Holder holder, store::Poster back, std::function<void(Result<Created>)> done) = 0;

  // The live session of this token if it was issued to this client of this tenant; not_found for everything else,
  // not told apart. Counts as a use. From memory: `done` runs before find returns, on this thread.
  virtual void find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                    std::function<void(Result<AccessPtr>)> done) = 0;

  // Ends it; done after the commit. not_found as find().
  virtual void revoke(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                      std::function<void(Result<void>)> done) = 0;

  // Still alive: neither revoked nor expired? For work that began with it, which was its last use. [any thread, no I/O]
  virtual bool alive(const Access& access) const = 0;

  // False: sessions go on, but nothing about them can be stored until the hub is started again. [any thread, no I/O]
  virtual bool stores() const = 0;

  // Writes gathered idle touches and purges what has expired; called by the daemon every few seconds.
  virtual void tend() = 0;
};

} // namespace plugboard::session
