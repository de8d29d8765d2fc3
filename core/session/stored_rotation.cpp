// Stepping up: a new proof, and a new token in place of the old.
#include "core/session/nist_limits.hpp"
#include "core/session/stored_sessions.hpp"
#include "core/session/token_rows.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::size_t kMostProofs = 8; // of one session that count at one time; the oldest step-up goes

// Of one issuer a subject is a customer; of two issuers, who proved what the session knows for sure.
bool is_same_customer(const Session& session, const Proved& proved) {
  const auto same_issuer = std::find_if(session.authentications.begin(), session.authentications.end(),
                                        [&](const auto& one) { return one.issuer == proved.issuer; });
  if (same_issuer != session.authentications.end()) return same_issuer->subject == proved.subject;
  return std::any_of(proved.identifiers.begin(), proved.identifiers.end(), [&](const Identifier& one) {
    return one.verified && std::any_of(session.identifiers.begin(), session.identifiers.end(), [&](const auto& known) {
             return known.verified && known.type == one.type && known.value == one.value;
           });
  });
}

void add_proof(Session& session, Proved proved, Duration step_up, Moment now) {
  const NistLimits nist = nist_limits(proved.assurance);
  const Duration unused = session.idle_limit > nist.idle ? nist.idle : Duration::max();
  const Duration proof = proved.expires_at ? *proved.expires_at - now.wall : Duration::max();
  const Duration life =
      std::min({step_up, nist.overall, unused, proof, session.expires_at - now.wall, session.ends - now.steady});
  auto& proofs = session.authentications;
  if (proofs.size() == kMostProofs) proofs.erase(proofs.begin() + 1);
  proofs.push_back({proved.assurance, std::move(proved.methods), proved.authenticated_at, now.wall + life,
                    now.steady + life, std::move(proved.issuer), std::move(proved.subject),
                    std::move(proved.upstream_session)});
}

// The session is told apart from the old row's only by its proofs; whatever ended the old token would end the new one.
SessionRow row_after(SessionRow old, const KeyedHash& hash) {
  old.rotated.reset();
  old.token.key_id = hash.key_id;
  old.token_hash = hash;
  return old;
}

struct Rotation {
  std::vector<KeyedHash> hashes; // of the old token
  TokenKey old;
  Proved proved;
  std::shared_ptr<Minting> minting;
  std::optional<Alarm> alarm;
};

Result<void> rotate(Ground& ground, Rotation& rotation, store::Connection& connection) {
  auto row = ground.load(connection, rotation.proved.tenant, rotation.hashes);
  if (!row) return row.error();
  auto presented = judge_presented(ground, *row, rotation.old.client);
  rotation.alarm = std::move(presented.alarm);
  const Moment now = ground.now();
  if (!presented.live) return not_known();
  const Session& session = (*row)->session;
  if (!is_same_customer(session, rotation.proved)) {
    rotation.alarm = Alarm{Alarm::Kind::other_customer, session.tenant,     session.id, session.customer,
                           (*row)->token.client,        rotation.old.client};
    return fail(Code::conflict, "the proof is not this session's customer's", "session");
  }
  SessionRow after = row_after(**row, rotation.minting->hash);
  (*row)->rotated = now.wall;
  if (const auto marked = mark_rotated(connection, ground.keys, **row); !marked) return marked;
  add_proof(after.session, std::move(rotation.proved), ground.limits.step_up, now);
  rotation.minting->row = std::move(after);
  return insert_token(connection, ground.keys, rotation.minting->row, rotation.minting->hash);
}

void answer_rotation(const GroundPtr& ground, Rotation& rotation, const Result<void>& written,
                     const std::function<void(Result<Created>)>& done) {
  if (rotation.alarm) answer_alarm(ground, *rotation.alarm);
  if (!written) return done(written.error());
  Minting& minting = *rotation.minting;
  auto access = std::make_shared<const Access>(Access{std::move(minting.row.session), std::move(minting.row.token)});
  const Moment now = ground->now();
  ground->live.rotated(rotation.old, minting.key, access, now.steady);
  if (!ground->live.alive(*access, now)) return done(not_known()); // ended meanwhile
  done(Created{std::move(minting.token), std::move(access)});
}

} // namespace

void StoredSessions::step_up(std::vector<KeyedHash> token, std::string client, Proved proved, store::Poster back,
                             std::function<void(Result<Created>)> done) {
  if (proved.expires_at && *proved.expires_at <= ground_->clock.wall())
    return done(fail(Code::unauthenticated, "the proof ended at " + rfc3339(*proved.expires_at), "session"));
  if (token.empty()) return done(not_known());
  auto rotation = std::make_shared<Rotation>();
  rotation->old = {proved.tenant, client, token.front().digest};
  rotation->hashes = std::move(token);
  rotation->minting = new_minting(proved.tenant, client);
  rotation->proved = std::move(proved);
  auto job = [rotation, ground = ground_](store::Connection& connection) {
    return rotate(*ground, *rotation, connection);
  };
  auto answer = [rotation, ground = ground_, done = std::move(done)](const Result<void>& written) {
    answer_rotation(ground, *rotation, written, done);
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

} // namespace plugboard::session
