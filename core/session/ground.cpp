#include "core/session/ground.hpp"

#include "core/base/ids.hpp"
#include "core/session/seal.hpp"
#include "core/session/token_rows.hpp"

#include <utility>

namespace plugboard::session {
namespace {

Counter& alarms(Metrics& metrics, std::string_view kind) {
  return metrics.counter("plugboard_session_alarms_total",
                         "What was refused and should not have happened: a token of another client, a token that had "
                         "been replaced, a step-up as another customer",
                         {{"kind", std::string(kind)}});
}

} // namespace

std::string_view name_of(Alarm::Kind kind) {
  switch (kind) {
  case Alarm::Kind::foreign_token:
    return "session.foreign_token";
  case Alarm::Kind::reused_token:
    return "session.reused_token";
  case Alarm::Kind::other_customer:
    return "session.other_customer";
  }
  return "session.alarm";
}

Ground::Ground(store::Database& its_database, const Keys& its_keys, const SessionLimits& its_limits,
               const Clock& its_clock, Random& its_random, Log& its_log, Metrics& metrics,
               std::function<void(const Alarm&)> its_alarmed, std::uint64_t first_revocation,
               std::vector<NumberedRevocation> revocations)
    : database(its_database), keys(its_keys), limits(its_limits), clock(its_clock), random(its_random), log(its_log),
      damaged(damaged_rows(metrics)), live(its_limits.kept_in_memory, its_limits.absolute,
                                           new_uuid7(its_clock, its_random), first_revocation, std::move(revocations)),
      alarmed_(std::move(its_alarmed)), foreign_(alarms(metrics, "foreign_token")),
      reused_(alarms(metrics, "reused_token")), other_customer_(alarms(metrics, "other_customer")) {
  saved = purged = clock.now().time_since_epoch().count();
}

TokenKey Ground::key_for(std::string_view token, std::string_view tenant, std::string_view client) const {
  return {std::string(tenant), std::string(client), keys.hash(kTokenPurpose, token).digest};
}

Result<std::optional<SessionRow>> Ground::load(store::Connection& connection, const std::string& tenant,
                                               const std::vector<KeyedHash>& hashes) {
  return load_session(connection, keys, tenant, hashes, log, damaged);
}

Counter& Ground::counter_of(Alarm::Kind kind) {
  if (kind == Alarm::Kind::reused_token) return reused_;
  return kind == Alarm::Kind::other_customer ? other_customer_ : foreign_;
}

void Ground::alarm(const Alarm& alarm) {
  counter_of(alarm.kind).add();
  log.warn(name_of(alarm.kind), {{"tenant", alarm.tenant},
                                 {"session_id", alarm.session},
                                 {"customer", alarm.customer},
                                 {"client", alarm.client},
                                 {"presented_by", alarm.presented_by}});
  if (alarmed_) alarmed_(alarm);
}

Error not_known() {
  return fail(Code::not_found, "no such session for this client", "session");
}

void end_family(const GroundPtr& ground, const SessionKey& session) {
  auto burial = std::make_shared<Burial>(ground->live.begin_revocation(session));
  auto job = [ground, session](store::Connection& connection) {
    return mark_revoked(connection, session, ground->clock.wall());
  };
  auto answer = [ground, burial](const Result<void>& written) {
    ground->live.end_revocation(*burial, written, ground->clock.now());
    if (!written) ground->log.error("session.revocation_not_stored", {{"reason", written.error().message}});
  };
  ground->database.write(std::move(job), {}, std::move(answer));
}

} // namespace plugboard::session
