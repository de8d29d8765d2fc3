// Handing a session to another client: a code of one use, and the token it is redeemed for.
#include "core/base/ids.hpp"
#include "core/session/stored_sessions.hpp"
#include "core/session/token_rows.hpp"

#include <utility>

namespace plugboard::session {
namespace {

struct HandingOff {
  std::vector<KeyedHash> hashes; // of the token
  TokenKey from;
  std::string to;
  Secret code;
  KeyedHash hash; // of the code
  WallTime expires_at;
  std::optional<Alarm> alarm;
};

Result<void> write_code(Ground& ground, HandingOff& handing, store::Connection& connection) {
  auto row = ground.load(connection, handing.from.tenant, handing.hashes);
  if (!row) return row.error();
  const std::uint64_t under = ground.live.revocations().last(); // before the look at what they ended
  auto presented = judge_presented(ground, *row, handing.from.client);
  handing.alarm = std::move(presented.alarm);
  if (!presented.live) return not_known();
  const Moment now = ground.now();
  SessionRow code = std::move(**row);
  handing.expires_at = now.wall + ground.limits.handoff;
  code.handoff = Handoff{handing.expires_at, ground.live.run(), now.steady + ground.limits.handoff, code.token};
  code.token = {handing.to, {}, handing.hash.key_id, now.wall, under};
  return insert_token(connection, ground.keys, code, handing.hash);
}

// Of a run before there is only the wall clock to go by.
bool is_over(const Ground& ground, const Handoff& handoff, Moment now) {
  if (now.wall >= handoff.until || handoff.until - now.wall > ground.limits.handoff) return true;
  return handoff.run == ground.live.run() && now.steady >= handoff.run_until;
}

// The code goes whether it is good or not: it was shown.
Result<bool> redeem_code(Ground& ground, Minting& minting, const Holder& holder, const std::vector<KeyedHash>& hashes,
                         store::Connection& connection) {
  auto row = ground.load(connection, minting.key.tenant, hashes);
  if (!row) return row.error();
  if (!*row || !(*row)->handoff) return false;
  const Moment now = ground.now();
  const Handoff handoff = *(*row)->handoff;
  if ((*row)->token.client != holder.client) {
    minting.alarm = alarm_for(**row, holder.client);
    return false;
  }
  if (const auto gone = delete_token(connection, **row); !gone) return gone.error();
  if (is_over(ground, handoff, now) || !ground.live.is_live(**row, now)) return false;
  if (ground.live.revocations().has_ended((*row)->session, handoff.from)) return false;
  minting.row = std::move(**row);
  minting.row.handoff.reset();
  minting.row.token.channel = holder.channel;
  minting.row.token.key_id = minting.hash.key_id;
  minting.row.token_hash = minting.hash;
  if (const auto added = insert_token(connection, ground.keys, minting.row, minting.hash); !added) return added.error();
  return true;
}

} // namespace

void StoredSessions::handoff(std::string_view token, std::string_view tenant, std::string_view client, std::string to,
                             store::Poster back, std::function<void(Result<HandedOff>)> done) {
  if (!is_token(kTokenPrefix, token)) return done(not_known());
  auto handing = std::make_shared<HandingOff>();
  handing->hashes = hashes_of(token);
  handing->from = ground_->key_for(token, tenant, client);
  handing->to = std::move(to);
  handing->code = new_token(kCodePrefix, ground_->random);
  handing->hash = ground_->keys.hash(kCodePurpose, handing->code.reveal());
  auto job = [handing, ground = ground_](store::Connection& connection) {
    return write_code(*ground, *handing, connection);
  };
  auto answer = [handing, ground = ground_, done = std::move(done)](const Result<void>& written) {
    if (handing->alarm) answer_alarm(ground, *handing->alarm);
    if (!written) return done(written.error());
    done(HandedOff{std::move(handing->code), handing->expires_at});
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

void StoredSessions::redeem(std::string_view code, std::string_view tenant, Holder holder, store::Poster back,
                            std::function<void(Result<Created>)> done) {
  if (!is_token(kCodePrefix, code)) return done(not_known());
  auto minting = new_minting(std::string(tenant), holder.client);
  auto redeemed = std::make_shared<bool>(false);
  auto job = [minting, redeemed, holder = std::move(holder), hashes = ground_->keys.candidates(kCodePurpose, code),
              ground = ground_](store::Connection& connection) -> Result<void> {
    const auto done_so = redeem_code(*ground, *minting, holder, hashes, connection);
    if (!done_so) return done_so.error();
    *redeemed = *done_so;
    return {};
  };
  auto answer = [minting, redeemed, ground = ground_, done = std::move(done)](const Result<void>& written) {
    if (minting->alarm) answer_alarm(ground, *minting->alarm);
    if (!written) return done(written.error());
    if (!*redeemed) return done(not_known());
    auto access =
        std::make_shared<const Access>(Access{std::move(minting->row.session), std::move(minting->row.token)});
    if (!ground->live.created(minting->key, access, ground->clock.now())) return done(not_known());
    done(Created{std::move(minting->token), std::move(access)});
  };
  ground_->database.write(std::move(job), std::move(back), std::move(answer));
}

} // namespace plugboard::session
