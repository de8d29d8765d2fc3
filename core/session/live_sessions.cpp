#include "core/session/live_sessions.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGraveRest = 5min;        // longer than any read or request that could still know the dead
constexpr Duration kClockSkew = 1min;        // between two runs of the hub, without making an age unknown
constexpr std::size_t kMostGraves = 100'000; // of tokens whose session is not known: those may be made up

Instant later(Instant from, Duration by) {
  return by > Instant::max() - from ? Instant::max() : from + by;
}

} // namespace

LiveSessions::LiveSessions(std::size_t kept_in_memory, Duration longest_life, std::string run,
                           std::uint64_t first_revocation, std::vector<NumberedRevocation> revocations)
    : run_(std::move(run)), longest_life_(longest_life), memory_(kept_in_memory),
      revocations_(first_revocation, std::move(revocations)) {}

LiveSessions::Answer LiveSessions::use(const TokenKey& token, Moment now) {
  if (dead_tokens_.has(token)) return {true, nullptr};
  if (rotated_tokens_.has(token)) return {};
  AccessPtr access = memory_.use(token, now);
  if (!access) return {};
  if (is_over(access->session, now)) note_over(access->session);
  if (!alive(*access, now)) return {true, nullptr};
  return {true, std::move(access)};
}

bool LiveSessions::alive(const Access& access, Moment now) const {
  return !is_over(access.session, now) && !dead_sessions_.has(key_of(access)) && !revocations_.has_ended(access);
}

bool LiveSessions::created(const TokenKey& token, const AccessPtr& access, Instant used) {
  if (revocations_.has_ended(*access) || dead_sessions_.has(key_of(*access))) return false;
  memory_.keep(token, access, used, true);
  return true;
}

void LiveSessions::rotated(const TokenKey& old, const TokenKey& token, const AccessPtr& access, Instant used) {
  rotated_tokens_.bury(old);
  rotated_tokens_.finish(old, later(used, kGraveRest), used);
  memory_.drop(old, {used, {}});
  memory_.keep(token, access, used, false);
}

AccessPtr LiveSessions::loaded(const TokenKey& token, SessionRow row, Moment now) {
  if (!is_live(row, now)) return nullptr;
  auto access = std::make_shared<const Access>(Access{std::move(row.session), std::move(row.token)});
  memory_.keep(token, access, now.steady, false);
  // After it is kept: a burial that this look does not see will find it in memory.
  if (!dead_tokens_.has(token) && !rotated_tokens_.has(token) && alive(*access, now)) return access;
  memory_.drop(token, now);
  return nullptr;
}

bool LiveSessions::is_live(SessionRow& row, Moment now) {
  const State state = judge(row, now);
  if (state == State::over) note_over(row.session);
  if (state != State::live || dead_sessions_.has(key_of(row.session))) return false;
  return !revocations_.has_ended(row.session, row.token);
}

bool LiveSessions::would_live(SessionRow& row, Moment now) const {
  return judge(row, now) == State::live && !dead_sessions_.has(key_of(row.session)) &&
         !revocations_.has_ended(row.session, row.token);
}

// A row of this run has its times on our steady clock, so that jumps of the wall clock mean nothing. For a row of a run
// before there is only the wall clock: it counts down from what is left now,
// and may not have more left than it was given.
LiveSessions::State LiveSessions::judge(SessionRow& row, Moment now) const {
  Session& session = row.session;
  if (row.run != run_) {
    const Duration age = now.wall - row.last_used_at;
    if (age < -kClockSkew) return State::unknown; // used in the future: one of the two clocks was wrong
    row.run_used = now.steady - std::max(age, Duration::zero());
    const Duration given = session.expires_at - session.created_at;
    row.run_expires = later(now.steady, std::min(session.expires_at - now.wall, given));
  }
  if (const auto last = memory_.last_use(key_of(session))) row.run_used = std::max(row.run_used, *last);
  session.ends = row.run_expires;
  for (std::size_t i = 0; i < row.before_end.size(); ++i)
    session.authentications[i].ends = session.ends - row.before_end[i];
  row.before_end.clear(); // said by `ends` now
  drop_ended_proofs(session, now);
  return is_over(session, now) || is_idle(session, row.run_used, now) ? State::over : State::live;
}

void LiveSessions::note_over(const Session& session) {
  const SessionKey key = key_of(session);
  const std::lock_guard lock(mutex_);
  if (over_.insert(key).second) dead_sessions_.bury(key); // once dead, no clock brings it back
}

bool LiveSessions::is_noted_over(const SessionKey& key) const {
  const std::lock_guard lock(mutex_);
  return over_.contains(key);
}

Burial LiveSessions::begin_revocation(const TokenKey& token, Moment now) {
  dead_tokens_.bury(token);
  const Memory::Dropped dropped = memory_.drop(token, now);
  Burial burial{token, std::nullopt, dropped.live};
  if (!dropped.access || revocations_.has_ended(*dropped.access)) return burial; // a dead token ends nothing
  burial.session = key_of(*dropped.access);
  dead_sessions_.bury(*burial.session);
  watches_.tell(*burial.session);
  return burial;
}

Burial LiveSessions::begin_revocation(const SessionKey& session) {
  dead_sessions_.bury(session);
  watches_.tell(session);
  return {std::nullopt, session, true};
}

void LiveSessions::found(Burial& burial, const SessionRow& row, Moment now) {
  SessionRow judged = row;
  const State state = judge(judged, now);
  const bool lives = state == State::live || (burial.was_live && !is_over(judged.session, now));
  burial.was_live = lives && !is_noted_over(key_of(row.session)) && !revocations_.has_ended(row.session, row.token);
  if (burial.session) return;
  burial.session = key_of(row.session);
  dead_sessions_.bury(*burial.session);
  watches_.tell(*burial.session);
}

void LiveSessions::end_revocation(const Burial& burial, const Result<void>& outcome, Instant now) {
  const bool refused = !outcome && outcome.error().code != Code::not_found;
  const Instant rest = later(now, outcome ? kGraveRest : Duration::zero());
  const Instant for_life = later(now, longest_life_); // the store may not know, so only this grave holds it down
  if (burial.session) dead_sessions_.finish(*burial.session, refused ? for_life : rest, now);
  if (!burial.token) return;
  const bool held = refused && dead_tokens_.size() < kMostGraves;
  dead_tokens_.finish(*burial.token, held ? for_life : rest, now);
}

NumberedRevocation LiveSessions::end(Revocation revocation) {
  NumberedRevocation numbered = revocations_.add(std::move(revocation));
  watches_.tell_if([this](const Access& access) { return revocations_.has_ended(access); });
  return numbered;
}

void LiveSessions::watch(const Watches::WatcherPtr& watcher, Moment now) {
  watches_.add(watcher);
  if (!alive(*watcher->access, now)) Watches::tell(watcher);
}

SessionRow LiveSessions::row_of(const Touch& touch, Moment now) const {
  SessionRow row;
  row.session.tenant = touch.access->session.tenant;
  row.session.id = touch.access->session.id;
  row.last_used_at = now.wall - (now.steady - touch.used);
  row.run = run_;
  row.run_used = touch.used;
  row.run_expires = touch.access->session.ends;
  return row;
}

std::vector<SessionKey> LiveSessions::seen_over() const {
  const std::lock_guard lock(mutex_);
  return {over_.begin(), over_.end()};
}

void LiveSessions::tended(const std::vector<Touch>& saved, const std::vector<SessionKey>& deleted, Instant now) {
  memory_.saved(saved);
  const std::lock_guard lock(mutex_);
  for (const SessionKey& key : deleted) {
    if (over_.erase(key) != 0) dead_sessions_.finish(key, later(now, kGraveRest), now);
  }
}

void LiveSessions::clear_graves(Instant now) {
  const std::vector<SessionKey> due = dead_sessions_.due(now);
  if (!due.empty()) memory_.drop_sessions({due.begin(), due.end()}); // its other tokens
  dead_sessions_.clear(now);
  dead_tokens_.clear(now);
  rotated_tokens_.clear(now);
}

void LiveSessions::forget_ended(Moment now) {
  memory_.drop_ended(now, [this](const Access& access) { return revocations_.has_ended(access); });
}

} // namespace plugboard::session
