// What this hub knows of its sessions at this moment: who lives in memory, who is dead whatever the store still says,
// and who must be told. Judges what the store holds. Shared by Sessions and by its jobs under way in the store, so it
// may outlive Sessions. Does no I/O. [any thread]
#pragma once

#include "core/session/graves.hpp"
#include "core/session/memory.hpp"
#include "core/session/revocations.hpp"
#include "core/session/session_rows.hpp"
#include "core/session/watches.hpp"

#include <optional>

namespace plugboard::session {

// A revocation of one session from the call until the store has answered.
struct Burial {
  std::optional<TokenKey> token;     // by which it was named
  std::optional<SessionKey> session; // as soon as it is known
  bool was_live = false;             // by memory's word; then by the store's row, too
};

class LiveSessions {
 public:
  LiveSessions(std::size_t kept_in_memory, Duration longest_life, std::string run, std::uint64_t first_revocation = 0,
               std::vector<NumberedRevocation> revocations = {});

  const std::string& run() const { return run_; } // names this process in the store's rows

  const Revocations& revocations() const { return revocations_; }

  struct Answer {
    bool known = false; // false: ask the store
    AccessPtr access;   // known and null: dead
  };

  Answer use(const TokenKey& token, Moment now);
  bool alive(const Access& access, Moment now) const;

  bool remembers(const TokenKey& token) const { return !dead_tokens_.has(token) && memory_.has(token); }

  // Else a revocation ended it while it began.
  bool created(const TokenKey& token, const AccessPtr& access, Instant used);
  AccessPtr loaded(const TokenKey& token, SessionRow row, Moment now); // null: dead
  // Whoever holds the old token is from now on to be asked of the store, which knows what became of it.
  void rotated(const TokenKey& old, const TokenKey& token, const AccessPtr& access, Instant used);
  // What a row says of its session, dead or alive? Sets its `ends` and run_used on this run's clock.
  bool is_live(SessionRow& row, Moment now);
  bool would_live(SessionRow& row, Moment now) const; // as above, of a row whose proofs do not matter; nothing is noted

  // From here on it is dead in this hub.
  Burial begin_revocation(const TokenKey& token, Moment now);
  Burial begin_revocation(const SessionKey& session);
  void found(Burial& burial, const SessionRow& row, Moment now); // the store has it: is revoked there, dead or alive
  void end_revocation(const Burial& burial, const Result<void>& outcome, Instant now);
  // Everything that it covers is dead when this returns.
  NumberedRevocation end(Revocation revocation);

  void drop_revocations(std::uint64_t up_to) { revocations_.drop(up_to); }

  // The watcher is told at once if it is dead already.
  void watch(const Watches::WatcherPtr& watcher, Moment now);

  void unwatch(const Watches::WatcherPtr& watcher) { watches_.remove(watcher); }

  std::vector<Touch> touches() const { return memory_.unsaved(); }

  SessionRow row_of(const Touch& touch, Moment now) const; // for save_use
  std::vector<SessionKey> seen_over() const;               // dead by time, to be deleted from the store
  void tended(const std::vector<Touch>& saved, const std::vector<SessionKey>& deleted, Instant now);
  void clear_graves(Instant now);
  void forget_ended(Moment now);

 private:
  enum class State : std::uint8_t { live = 1, over, unknown };
  State judge(SessionRow& row, Moment now) const;
  void note_over(const Session& session);
  bool is_noted_over(const SessionKey& key) const;

  const std::string run_;
  const Duration longest_life_;
  Memory memory_;
  Graves<TokenKey> dead_tokens_;
  Graves<TokenKey> rotated_tokens_; // which memory must not keep again
  Graves<SessionKey> dead_sessions_;
  Revocations revocations_;
  Watches watches_;
  mutable std::mutex mutex_;
  std::unordered_set<SessionKey, HashOfKey> over_; // guarded by mutex_; each is buried too
};

} // namespace plugboard::session
