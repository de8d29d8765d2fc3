// Station 3: session token → the customer, proved once and looked up here. Live sessions are kept in memory (bounded,
// least recently used go) over the store, which is the truth: what was acknowledged survives power loss. A revocation
// counts in this hub from the moment revoke() or end() is called, and is acknowledged once it is on disk. [any thread;
// handlers run through the given Poster, or at once on the caller's thread when the answer is in memory, as said]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/session/keys.hpp"
#include "core/session/revocation.hpp"
#include "core/session/session.hpp"
#include "core/session/watches.hpp"
#include "core/store/database.hpp"

#include <functional>

namespace plugboard::session {

struct SessionLimits { // at most; NIST's limits for the assurance hold besides (nist_limits.hpp)
  Duration absolute = std::chrono::hours(12);
  Duration idle = std::chrono::minutes(30);
  Duration step_up = std::chrono::minutes(15); // how long a step-up counts
  Duration handoff = std::chrono::seconds(60); // how long its code may be redeemed
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

// What a client vouches for without proof: caller id, a typed e-mail address.
Proved asserted(std::string tenant, std::string type, std::string value, WallTime now);

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

struct HandedOff {
  Secret code; // "pbh_…": as above
  WallTime expires_at;
};

// What must not happen, and did: it was refused, and somebody should know.
struct Alarm {
  enum class Kind : std::uint8_t {
    foreign_token = 1, // another client's token was presented
    reused_token,      // a token that had been replaced was presented: the session was ended
    other_customer,    // a step-up proved another customer
  };
  Kind kind = Kind::foreign_token;
  std::string tenant, session, customer;
  std::string client;       // whose the token is
  std::string presented_by; // the client that presented it
};

std::string_view name_of(Alarm::Kind kind); // "session.foreign_token"

// A row of `session list`: no token, no identifier.
struct Listed {
  std::string tenant, id, customer;
  std::vector<std::string> clients; // with a token of it
  Assurance assurance = Assurance::none;
  WallTime created_at, last_used_at, expires_at;
};

struct ListAsk {
  std::string tenant;                           // "*": of all tenants
  std::string session, customer, client, after; // "" is any; after: the id that the list before ended with
  int most = 100;
};

// The right to be told when a session ends while work for it is under way. Ends with this object; nobody is told then.
class Watch {
 public:
  Watch() = default;

  explicit Watch(std::function<void()> end) : end_(std::move(end)) {}

  ~Watch() { stop(); }

  Watch(Watch&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}

  Watch& operator=(Watch&& other) noexcept {
    stop();
    end_ = std::exchange(other.end_, nullptr);
    return *this;
  }

  void stop() {
    if (const auto end = std::exchange(end_, nullptr)) end();
  }

 private:
  std::function<void()> end_;
};

class Sessions {
 public:
  // All that is given by reference lives at least as long as the database. alarmed: beside log and metrics; may be
  // null; called on the store's threads and the callers'. Error: the store's.
  static Result<std::unique_ptr<Sessions>> make(store::Database& database, const Keys& keys,
                                                const SessionLimits& limits, const Clock& clock, Random& random,
                                                Log& log, Metrics& metrics,
                                                std::function<void(const Alarm&)> alarmed = {});
  virtual ~Sessions() = default; // hands what waits for tend() to the store; what is under way still gets its answer

  // Mints token, session and, the first time, the customer's id; answers after the commit. It lives as long as the
  // limits and the proof allow. Error: unauthenticated (the proof is over already, told at once; or a revocation came
  // meanwhile), or the store's.
  virtual void create(Proved proved, Holder holder, store::Poster back, std::function<void(Result<Created>)> done) = 0;

  // The live session of this token if it was issued to this client of this tenant; not_found for everything else,
  // not told apart. Counts as a use. From memory: `done` runs before find returns, on this thread. A token that was
  // replaced ends its session.
  virtual void find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                    std::function<void(Result<AccessPtr>)> done) = 0;

  // A token as it may be kept until a step-up is through: its keyed hashes, the current key's first.
  virtual std::vector<KeyedHash> hashes_of(std::string_view token) const = 0;

  // The same session under a new token by which the new proof counts, too; the old one is dead when `done` runs. The
  // proof must be the same customer's: the issuer's same subject, or, of another issuer, one that proves an identifier
  // which the session has verified. Error: conflict (it is another customer's), unauthenticated (it is over), not_found
  // as find().
  virtual void step_up(std::vector<KeyedHash> token, std::string client, Proved proved, store::Poster back,
                       std::function<void(Result<Created>)> done) = 0;

  // A code by which `to`, and no other client of the tenant, gets a token of its own for this session, once. Error:
  // not_found as find().
  virtual void handoff(std::string_view token, std::string_view tenant, std::string_view client, std::string to,
                       store::Poster back, std::function<void(Result<HandedOff>)> done) = 0;

  // By this token count the proofs that counted for the one that was handed off, no others. Error: not_found: no such
  // code for this client, or session or client were ended meanwhile.
  virtual void redeem(std::string_view code, std::string_view tenant, Holder holder, store::Poster back,
                      std::function<void(Result<Created>)> done) = 0;

  // Ends it; done after the commit. not_found as find().
  virtual void revoke(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                      std::function<void(Result<void>)> done) = 0;

  // Ends all that it covers, at once; done after the commit. Error: invalid_argument (told at once, nothing ended), or
  // the store's: then it holds as long as this process, which goes on trying to store it.
  virtual void end(Revocation revocation, store::Poster back, std::function<void(Result<void>)> done) = 0;

  // Live ones, by id.
  virtual void list(ListAsk ask, store::Poster back, std::function<void(Result<std::vector<Listed>>)> done) = 0;

  // Still alive: neither revoked nor expired? For work that began with it, which was its last use. [any thread, no I/O]
  virtual bool alive(const Access& access) const = 0;

  // `ended` runs through `back`, at most once, if it is revoked while the watch lives. Destroy the watch on the thread
  // that `back` leads to.
  [[nodiscard]] virtual Watch watch(AccessPtr access, store::Poster back, std::function<void()> ended) = 0;

  // Would find() answer from memory? Is no use. [any thread, no I/O]
  virtual bool remembers(std::string_view token, std::string_view tenant, std::string_view client) const = 0;

  // False: sessions go on, but nothing about them can be stored until the hub is started again. [any thread, no I/O]
  virtual bool stores() const = 0;

  // Writes gathered idle touches and purges what has expired; called by the daemon every few seconds.
  virtual void tend() = 0;
};

} // namespace plugboard::session
