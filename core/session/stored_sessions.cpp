#include "core/session/stored_sessions.hpp"

#include "core/base/ids.hpp"
#include "core/session/nist_limits.hpp"
#include "core/session/revocation_rows.hpp"
#include "core/session/seal.hpp"
#include "core/session/token_rows.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::session {

Proved asserted(std::string tenant, std::string type, std::string value, WallTime now) {
  Proved proved;
  proved.tenant = std::move(tenant);
  proved.issuer = "asserted:" + type;
  proved.subject = value;
  proved.assurance = Assurance::asserted;
  proved.methods = {"asserted"};
  proved.authenticated_at = now;
  proved.identifiers = {{std::move(type), std::move(value), false, "asserted"}};
  return proved;
}

std::shared_ptr<Minting> StoredSessions::new_minting(const std::string& tenant, const std::string& client) const {
  auto minting = std::make_shared<Minting>();
  minting->token = new_token(kTokenPrefix, ground_->random);
  minting->hash = ground_->keys.hash(kTokenPurpose, minting->token.reveal());
  minting->key = {tenant, client, minting->hash.digest};
  return minting;
}

std::shared_ptr<Minting> StoredSessions::prepare(Proved proved, Holder holder, Moment now) const {
  auto minting = new_minting(proved.tenant, holder.client);
  const std::uint64_t under = ground_->live.revocations().last();
  const NistLimits nist = nist_limits(proved.assurance);
  Session& session = minting->row.session;
  session.id = new_uuid7(ground_->clock, ground_->random);
  session.tenant = std::move(proved.tenant);
  session.identifiers = std::move(proved.identifiers);
  session.created_at = now.wall;
  const Duration proof = proved.expires_at ? *proved.expires_at - now.wall : Duration::max();
  const Duration life = std::min(
      {ground_->limits.absolute, nist.overall, proof, WallTime::max() - now.wall, Instant::max() - now.steady});
  session.expires_at = now.wall + life;
  session.ends = now.steady + life;
  session.idle_limit = std::min(ground_->limits.idle, nist.idle);
  session.begun_under = under;
  session.authentications.push_back({proved.assurance, std::move(proved.methods), proved.authenticated_at,
                                     session.expires_at, session.ends, std::move(proved.issuer),
                                     std::move(proved.subject), std::move(proved.upstream_session)});
  minting->row.token = {std::move(holder.client), std::move(holder.channel), minting->hash.key_id, now.wall, under};
  minting->row.last_used_at = now.wall;
  minting->row.run = ground_->live.run();
  minting->row.run_used = now.steady;
  minting->row.run_expires = session.ends;
  return minting;
}

void StoredSessions::create(Proved proved, Holder holder, store::Poster back,
                            std::function<void(Result<Created>)> done) {
  const Moment now = ground_->now();
  if (proved.expires_at && *proved.expires_at <= now.wall) {
    return done(fail(Code::unauthenticated, "the proof ended at " + rfc3339(*proved.expires_at), "session"));
  }
  auto minting = prepare(std::move(proved), std::move(holder), now);
  auto job = [minting, ground = ground_,
              candidate = new_customer_id(ground_->random)](store::Connection& connection) -> Result<void> {
    Session& session = minting->row.session;
    const Authentication& login = session.authentications.front();
    auto customer = customer_of(connection, session.tenant, login.issuer, login.subject, candidate, session.created_at,
                                ground->damaged);
    if (!customer) return customer.error();
    session.customer = std::move(*customer);
    return insert_session(connection, ground->keys, minting->row, minting->hash);
  };
  auto answer = [minting, ground = ground_, done = std::move(done)](const Result<void>& written) {
    if (!written) {
      ground->log.error("session.not_stored", {{"reason", written.error().message}});
      return done(written.error());
    }
    auto access =
        std::make_shared<const Access>(Access{std::move(minting->row.session), std::move(minting->row.token)});
    if (!ground->live.created(minting->key, access, minting->row.run_used))
      return done(fail(Code::unauthenticated, "it was revoked while it began", "session"));
    done(Created{std::move(minting->token), std::move(access)});
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

std::optional<Alarm> alarm_for(const SessionRow& row, std::string_view client) {
  const bool foreign = row.token.client != client;
  if (!foreign && !row.rotated) return std::nullopt;
  return Alarm{foreign ? Alarm::Kind::foreign_token : Alarm::Kind::reused_token,
               row.session.tenant,
               row.session.id,
               row.session.customer,
               row.token.client,
               std::string(client)};
}

Presented judge_presented(Ground& ground, std::optional<SessionRow>& row, std::string_view client) {
  if (!row) return {};
  if (auto alarm = alarm_for(*row, client)) return {false, std::move(alarm)};
  return {ground.live.is_live(*row, ground.now()), std::nullopt};
}

void answer_alarm(const GroundPtr& ground, const Alarm& alarm) {
  if (alarm.kind == Alarm::Kind::reused_token) end_family(ground, {alarm.tenant, alarm.session});
  ground->alarm(alarm);
}

bool StoredSessions::remembers(std::string_view token, std::string_view tenant, std::string_view client) const {
  return is_token(kTokenPrefix, token) && ground_->live.remembers(ground_->key_for(token, tenant, client));
}

void StoredSessions::find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                          std::function<void(Result<AccessPtr>)> done) {
  // What is none goes the way of what the store does not know, whose time must not tell them apart.
  const auto refuse = [&] {
    ground_->database.read(
        [](store::Connection&) -> Result<void> { return {}; }, std::move(back),
        [done = std::move(done)](const Result<void>& read) { done(read ? not_known() : read.error()); });
  };
  if (!is_token(kTokenPrefix, token)) return refuse();
  TokenKey key = ground_->key_for(token, tenant, client);
  if (auto answer = ground_->live.use(key, ground_->now()); answer.known) {
    return answer.access ? done(std::move(answer.access)) : refuse();
  }

  struct Found {
    AccessPtr access;
    std::optional<Alarm> alarm;
  };

  auto found = std::make_shared<Found>();
  auto job = [found, ground = ground_, key = std::move(key),
              hashes = hashes_of(token)](store::Connection& connection) -> Result<void> {
    auto row = ground->load(connection, key.tenant, hashes);
    if (!row) return row.error();
    if (*row) found->alarm = alarm_for(**row, key.client);
    if (*row && !found->alarm) found->access = ground->live.loaded(key, std::move(**row), ground->now());
    return {};
  };
  auto answer = [found, ground = ground_, done = std::move(done)](const Result<void>& read) {
    if (!read) return done(read.error());
    if (found->alarm) answer_alarm(ground, *found->alarm);
    return found->access ? done(std::move(found->access)) : done(not_known());
  };
  ground_->database.read(std::move(job), std::move(back), std::move(answer));
}

Watch StoredSessions::watch(AccessPtr access, store::Poster back, std::function<void()> ended) {
  auto watcher =
      std::make_shared<Watches::Watcher>(Watches::Watcher{std::move(access), std::move(back), std::move(ended)});
  Watch watch([ground = ground_, watcher] {
    ground->live.unwatch(watcher);
    watcher->ended = nullptr; // may be on its way already
  });
  ground_->live.watch(watcher, ground_->now());
  return watch;
}

Result<std::unique_ptr<Sessions>> Sessions::make(store::Database& database, const Keys& keys,
                                                 const SessionLimits& limits, const Clock& clock, Random& random,
                                                 Log& log, Metrics& metrics,
                                                 std::function<void(const Alarm&)> alarmed) {
  StoredRevocations stored;
  const auto loaded = database.write_now([&](store::Connection& connection) -> Result<void> {
    auto read = load_revocations(connection, clock.wall(), log, damaged_rows(metrics));
    if (!read) return read.error();
    stored = std::move(*read);
    return {};
  });
  if (!loaded) return loaded.error();
  auto ground = std::make_shared<Ground>(database, keys, limits, clock, random, log, metrics, std::move(alarmed),
                                         stored.base, std::move(stored.revocations));
  return std::unique_ptr<Sessions>(std::make_unique<StoredSessions>(std::move(ground)));
}

} // namespace plugboard::session
