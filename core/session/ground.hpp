// What sessions and their jobs under way in the store stand on. Held by both, so it may outlive Sessions; all that it
// refers to lives at least as long as the database. [any thread]
#pragma once

#include "core/session/live_sessions.hpp"
#include "core/session/sessions.hpp"

#include <atomic>
#include <mutex>

namespace plugboard::session {

inline constexpr std::string_view kTokenPrefix = "pbs_", kTokenPurpose = "session";
inline constexpr std::string_view kCodePrefix = "pbh_", kCodePurpose = "handoff";

struct Ground {
  Ground(store::Database& its_database, const Keys& its_keys, const SessionLimits& its_limits, const Clock& its_clock,
         Random& its_random, Log& its_log, Metrics& metrics, std::function<void(const Alarm&)> its_alarmed,
         std::uint64_t first_revocation, std::vector<NumberedRevocation> revocations);

  Moment now() const { return moment(clock); }

  TokenKey key_for(std::string_view token, std::string_view tenant, std::string_view client) const;
  Result<std::optional<SessionRow>> load(store::Connection& connection, const std::string& tenant,
                                         const std::vector<KeyedHash>& hashes);
  void alarm(const Alarm& alarm);

  store::Database& database;
  const Keys& keys;
  const SessionLimits limits;
  const Clock& clock;
  Random& random;
  Log& log;
  Counter& damaged;
  LiveSessions live;

  std::mutex mutex;
  std::vector<NumberedRevocation> unsaved; // revocations that the store could not take. Guarded by mutex

  std::atomic<bool> tending{false}; // one round of tend() at a time
  std::atomic<Duration::rep> saved{0}, purged{0};
  std::atomic<std::uint64_t> old_enough{0}; // revocations up to this one were made a while before the last purge

 private:
  Counter& counter_of(Alarm::Kind kind);

  std::function<void(const Alarm&)> alarmed_;
  Counter &foreign_, &reused_, &other_customer_;
};

using GroundPtr = std::shared_ptr<Ground>;

Error not_known(); // for whatever is not there, dead or another client's: not told apart

// The store knows a token that was replaced, and somebody presents it: thief and customer can't be told apart, so the
// session ends for both, on every channel.
void end_family(const GroundPtr& ground, const SessionKey& session);

} // namespace plugboard::session
