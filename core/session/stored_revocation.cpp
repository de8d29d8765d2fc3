// Ending sessions: one by its token, or all that a revocation covers.
#include "core/base/ids.hpp"
#include "core/session/revocation_rows.hpp"
#include "core/session/stored_sessions.hpp"
#include "core/session/token_rows.hpp"

#include <utility>

namespace plugboard::session {

void StoredSessions::revoke(std::string_view token, std::string_view tenant, std::string_view client,
                            store::Poster back, std::function<void(Result<void>)> done) {
  if (!is_token(kTokenPrefix, token)) return done(not_known());
  const TokenKey key = ground_->key_for(token, tenant, client);

  struct Ending {
    Burial burial;
    std::optional<Alarm> alarm;
  };

  auto ending = std::make_shared<Ending>(Ending{ground_->live.begin_revocation(key, ground_->now()), {}});
  auto job = [ending, ground = ground_, key, hashes = hashes_of(token)](store::Connection& connection) -> Result<void> {
    const auto row = ground->load(connection, key.tenant, hashes);
    if (!row) return row.error();
    if (*row) ending->alarm = alarm_for(**row, key.client);
    if (!*row || (*row)->token.client != key.client) return not_known();
    if (ground->live.revocations().has_ended((*row)->session, (*row)->token)) return not_known(); // a dead token
    const Moment now = ground->now();
    ground->live.found(ending->burial, **row, now);
    return mark_revoked(connection, *ending->burial.session, now.wall);
  };
  auto answer = [ending, ground = ground_, client = key.client, done = std::move(done)](const Result<void>& written) {
    ground->live.end_revocation(ending->burial, written, ground->clock.now());
    if (ending->alarm) answer_alarm(ground, *ending->alarm);
    if (!written && written.error().code != Code::not_found) {
      ground->log.error("session.revocation_not_stored", {{"client", client}, {"reason", written.error().message}});
    }
    // Revoked all the same, lest a clock that goes back revive it.
    const bool was_over = written && (!ending->burial.was_live || ending->alarm);
    done(was_over ? not_known() : written);
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

void StoredSessions::end(Revocation revocation, store::Poster back, std::function<void(Result<void>)> done) {
  const WallTime now = ground_->clock.wall();
  if (const auto judged = judge(revocation, now); !judged) return done(judged.error());
  auto numbered = std::make_shared<NumberedRevocation>(ground_->live.end(std::move(revocation)));
  auto job = [numbered, now](store::Connection& connection) { return insert_revocation(connection, *numbered, now); };
  auto answer = [numbered, ground = ground_, done = std::move(done)](const Result<void>& written) {
    if (!written) {
      ground->log.error("session.revocation_not_stored", {{"reason", written.error().message}});
      const std::lock_guard lock(ground->mutex);
      ground->unsaved.push_back(*numbered);
    }
    done(written);
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

} // namespace plugboard::session
