// Sessions and customers as rows of the store. Nothing here knows a token, only its keyed hash.
// [the store's thread that runs the job]
#pragma once

#include "core/base/log.hpp"
#include "core/session/keys.hpp"
#include "core/session/lookup_key.hpp"
#include "core/session/moment.hpp"
#include "core/store/database.hpp"

#include <optional>

namespace plugboard::session {

// The row is no token's but a code's that another client may redeem: once, and soon.
struct Handoff {
  WallTime until;
  std::string run; // the process that made it: the next is its steady clock's
  Instant run_until;
  Token from; // as it was when the code was made
};

struct SessionRow {
  Session session; // no `ends` in it says anything yet
  Token token;
  std::vector<Duration> before_end; // of the session, by authentication: when each ends
  std::optional<WallTime>
      rotated; // the token was replaced by a new one: whoever presents it now stole it, or is robbed
  std::optional<Handoff> handoff{};
  KeyedHash token_hash{}; // by which it was found
  WallTime last_used_at;
  std::string run; // the process that wrote the two below: its steady clock's
  Instant run_used, run_expires;
};

// Minted once per (tenant, issuer, subject): the id that is there, or `candidate`, which then is the customer's for
// good. Error internal: the row is not what the hub wrote.
Result<std::string> customer_of(store::Connection& connection, const std::string& tenant, const std::string& issuer,
                                const std::string& subject, const std::string& candidate, WallTime now,
                                Counter& damaged);

Result<void> insert_session(store::Connection& connection, const Keys& keys, const SessionRow& row,
                            const KeyedHash& token);

// Its tokens go: should the disk forget the mark, nothing leads to the session any more.
Result<void> mark_revoked(store::Connection& connection, const SessionKey& key, WallTime now);
Result<void> save_use(store::Connection& connection, const SessionRow& row); // the row's id and times alone count
Result<void> delete_session(store::Connection& connection, const SessionKey& key);

// Deletes what is over by the wall clock, or, written by this run, by its steady clock. At most `most` of
// each; true: there may be more.
Result<bool> delete_expired(store::Connection& connection, WallTime wall, const std::string& run_id, Instant steady,
                            int most);

} // namespace plugboard::session
