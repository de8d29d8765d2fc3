// What this hub knows of its sessions at this moment: who lives in memory, who is dead whatever the store still says.
// Judges what the store holds. Shared by Sessions and by its jobs under way in the store, so it may outlive Sessions.
// Does no I/O, calls nobody. [any thread]
#pragma once

#include "core/session/graves.hpp"
#include "core/session/memory.hpp"
#include "core/session/session_rows.hpp"

#include <optional>

namespace plugboard::session {

// A revocation from the call until the store has answered.
struct Burial {
  TokenKey token;
  std::optional<SessionKey> session; // as soon as it is known
  bool was_live = false;             // by memory's word; then by the store's row, too
};

class LiveSessions {
 public:
  LiveSessions(std::size_t kept_in_memory, Duration longest_life, std::string run);

  const std::string& run() const { return run_; } // names this process in the store's rows

  struct Answer {
    bool known = false; // false: ask the store
    AccessPtr access;   // known and null: dead
  };

  Answer use(const TokenKey& token, Moment now);
  bool alive(const Access& access, Moment now) const;

  void created(const TokenKey& token, const AccessPtr& access, Instant used);
  AccessPtr loaded(const TokenKey& token, SessionRow row, Moment now); // null: dead

  // From here on it is dead in this hub.
  Burial begin_revocation(const TokenKey& token, Moment now);
  void found(Burial& burial, const SessionRow& row, Moment now); // the store has it: is revoked there, dead or alive
  void end_revocation(const Burial& burial, const Result<void>& outcome, Instant now);

  std::vector<Touch> touches() const { return memory_.unsaved(); }

  SessionRow row_of(const Touch& touch, Moment now) const; // for save_use
  std::vector<SessionKey> seen_over() const;               // dead by time, to be deleted from the store
  void tended(const std::vector<Touch>& saved, const std::vector<SessionKey>& deleted, Instant now);
  void clear_graves(Instant now);

  void forget_ended(Moment now) { memory_.drop_ended(now); }

 private:
  enum class State : std::uint8_t { live = 1, over, unknown };
  State judge(SessionRow& row, Moment now) const; // and sets its `ends` and run_used on this run's clock
  void note_over(const Session& session);
  bool is_noted_over(const SessionKey& key) const;

  const std::string run_;
  const Duration longest_life_;
  Memory memory_;
  Graves<TokenKey> dead_tokens_;
  Graves<SessionKey> dead_sessions_;
  mutable std::mutex mutex_;
  std::unordered_set<SessionKey, HashOfKey> over_; // guarded by mutex_; each is buried too
};

} // namespace plugboard::session
