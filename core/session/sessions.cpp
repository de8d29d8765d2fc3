#include "core/session/sessions.hpp"

#include "core/base/ids.hpp"
#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/session/live_sessions.hpp"
#include "core/session/seal.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "pbs_";
constexpr std::string_view kPurpose = "session";
constexpr Duration kBetweenSaves = 10s; // with a tend every few seconds: no use is older than 30 s when it is saved
constexpr Duration kBetweenPurges = 60s;
constexpr Duration kPurgeMargin = 2min; // uses that wait to be saved are younger
constexpr int kPurgedAtOnce = 500;

Error not_known() {
  return fail(Code::not_found, "no such session for this client", "session");
}

struct Creation { // lives from create() until it is answered
  Secret token;
  TokenKey key;
  KeyedHash hash;
  SessionRow row;
};

struct Chore { // one tend()
  std::vector<Touch> touches;
  std::vector<SessionRow> uses;
  std::vector<SessionKey> over;
  bool purge = false;
  bool more = false; // the purge left some
};

class StoredSessions final : public Sessions {
 public:
  StoredSessions(store::Database& database, const Keys& keys, const SessionLimits& limits, const Clock& clock,
                 Random& random, Log& log, Metrics& metrics)
      : database_(database), keys_(keys), limits_(limits), clock_(clock), random_(random), log_(log),
        damaged_(damaged_rows(metrics)),
        live_(std::make_shared<LiveSessions>(limits.kept_in_memory, limits.absolute, new_uuid7(clock, random))),
        rounds_(std::make_shared<Rounds>()) {
    rounds_->saved = rounds_->purged = clock.now().time_since_epoch().count();
  }

  ~StoredSessions() override;

  void create(Proved proved, Holder holder, store::Poster back, std::function<void(Result<Created>)> done) override;
  void find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
            std::function<void(Result<AccessPtr>)> done) override;
  void revoke(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
              std::function<void(Result<void>)> done) override;

  bool alive(const Access& access) const override { return live_->alive(access, moment(clock_)); }

  bool stores() const override { return database_.writes(); }

  void tend() override;

 private:
  struct Rounds { // of tend(); one at a time
    std::atomic<bool> under_way{false};
    std::atomic<Duration::rep> saved{0}, purged{0}; // when, on the steady clock
  };

  std::shared_ptr<Creation> prepare(Proved proved, Holder holder, Moment now);
  TokenKey key_for(std::string_view token, std::string_view tenant, std::string_view client) const;
  std::shared_ptr<Chore> next_chore(Moment now) const;
  store::Database::Job job_of(std::shared_ptr<Chore> chore, Moment now) const;

  store::Database& database_;
  const Keys& keys_;
  const SessionLimits limits_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  Counter& damaged_;
  std::shared_ptr<LiveSessions> live_;
  std::shared_ptr<Rounds> rounds_;
};

TokenKey StoredSessions::key_for(std::string_view token, std::string_view tenant, std::string_view client) const {
  return {std::string(tenant), std::string(client), keys_.hash(kPurpose, token).digest};
}

std::shared_ptr<Creation> StoredSessions::prepare(Proved proved, Holder holder, Moment now) {
  auto creation = std::make_shared<Creation>();
  creation->token = new_token(kPrefix, random_);
  creation->hash = keys_.hash(kPurpose, creation->token.reveal());
  creation->key = {proved.tenant, holder.client, creation->hash.digest};
  Session& session = creation->row.session;
  session.id = new_uuid7(clock_, random_);
  session.tenant = std::move(proved.tenant);
  session.identifiers = std::move(proved.identifiers);
  session.created_at = now.wall;
  const Duration proof = proved.expires_at ? *proved.expires_at - now.wall : Duration::max();
  const Duration life = std::min({limits_.absolute, proof, WallTime::max() - now.wall, Instant::max() - now.steady});
  session.expires_at = now.wall + life;
  session.ends = now.steady + life;
  session.idle_limit = limits_.idle;
  session.authentications.push_back({proved.assurance, std::move(proved.methods), proved.authenticated_at,
                                     session.expires_at, session.ends, std::move(proved.issuer),
                                     std::move(proved.subject), std::move(proved.upstream_session)});
  creation->row.token = {std::move(holder.client), std::move(holder.channel), creation->hash.key_id, now.wall, 0};
  creation->row.last_used_at = now.wall;
  creation->row.run = live_->run();
  creation->row.run_used = now.steady;
  creation->row.run_expires = session.ends;
  return creation;
}

void StoredSessions::create(Proved proved, Holder holder, store::Poster back,
                            std::function<void(Result<Created>)> done) {
  const Moment now = moment(clock_);
  if (proved.expires_at && *proved.expires_at <= now.wall) {
    return done(fail(Code::unauthenticated, "the proof ended at " + rfc3339(*proved.expires_at), "session"));
  }
  auto creation = prepare(std::move(proved), std::move(holder), now);
  auto job = [creation, candidate = new_customer_id(random_), &keys = keys_,
              &damaged = damaged_](store::Connection& connection) -> Result<void> {
    Session& session = creation->row.session;
    const Authentication& login = session.authentications.front();
    auto customer =
        customer_of(connection, session.tenant, login.issuer, login.subject, candidate, session.created_at, damaged);
    if (!customer) return customer.error();
    session.customer = std::move(*customer);
    return insert_session(connection, keys, creation->row, creation->hash);
  };
  auto answer = [creation, live = live_, &log = log_, done = std::move(done)](const Result<void>& written) {
    if (!written) {
      log.error("session.not_stored", {{"reason", written.error().message}});
      return done(written.error());
    }
    auto access =
        std::make_shared<const Access>(Access{std::move(creation->row.session), std::move(creation->row.token)});
    live->created(creation->key, access, creation->row.run_used);
    done(Created{std::move(creation->token), std::move(access)});
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

void StoredSessions::find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
                          std::function<void(Result<AccessPtr>)> done) {
  if (!is_token(kPrefix, token)) return done(not_known());
  TokenKey key = key_for(token, tenant, client);
  if (auto answer = live_->use(key, moment(clock_)); answer.known) {
    return answer.access ? done(std::move(answer.access)) : done(not_known());
  }
  auto found = std::make_shared<AccessPtr>();
  auto job = [found, live = live_, key = std::move(key), hashes = keys_.candidates(kPurpose, token), &keys = keys_,
              &log = log_, &clock = clock_, &damaged = damaged_](store::Connection& connection) -> Result<void> {
    auto row = load_session(connection, keys, key.tenant, hashes, log, damaged);
    if (!row) return row.error();
    if (*row && (*row)->token.client == key.client) *found = live->loaded(key, std::move(**row), moment(clock));
    return {};
  };
  auto answer = [found, done = std::move(done)](const Result<void>& read) {
    if (!read) return done(read.error());
    return *found ? done(std::move(*found)) : done(not_known());
  };
  database_.read(std::move(job), std::move(back), std::move(answer));
}

void StoredSessions::revoke(std::string_view token, std::string_view tenant, std::string_view client,
                            store::Poster back, std::function<void(Result<void>)> done) {
  if (!is_token(kPrefix, token)) return done(not_known());
  const TokenKey key = key_for(token, tenant, client);
  auto burial = std::make_shared<Burial>(live_->begin_revocation(key, moment(clock_)));
  auto job = [burial, live = live_, hashes = keys_.candidates(kPurpose, token), &keys = keys_, &log = log_,
              &clock = clock_, &damaged = damaged_](store::Connection& connection) -> Result<void> {
    const auto row = load_session(connection, keys, burial->token.tenant, hashes, log, damaged);
    if (!row) return row.error();
    const Moment now = moment(clock);
    if (!*row || (*row)->token.client != burial->token.client) return not_known();
    live->found(*burial, **row, now);
    return mark_revoked(connection, *burial->session, now.wall);
  };
  auto answer = [burial, live = live_, &clock = clock_, &log = log_,
                 done = std::move(done)](const Result<void>& written) {
    live->end_revocation(*burial, written, clock.now());
    if (!written && written.error().code != Code::not_found) {
      log.error("session.revocation_not_stored",
                {{"client", burial->token.client}, {"reason", written.error().message}});
    }
    const bool was_over = written && !burial->was_live; // revoked all the same, lest a clock that goes back revive it
    done(was_over ? not_known() : written);
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

std::shared_ptr<Chore> StoredSessions::next_chore(Moment now) const {
  auto chore = std::make_shared<Chore>();
  const Duration since = now.steady.time_since_epoch();
  if (since - Duration(rounds_->saved) >= kBetweenSaves) chore->touches = live_->touches();
  for (const Touch& touch : chore->touches) chore->uses.push_back(live_->row_of(touch, now));
  chore->over = live_->seen_over();
  chore->purge = since - Duration(rounds_->purged) >= kBetweenPurges;
  return chore;
}

store::Database::Job StoredSessions::job_of(std::shared_ptr<Chore> chore, Moment now) const {
  return [chore = std::move(chore), now, run = live_->run()](store::Connection& connection) -> Result<void> {
    for (const SessionRow& use : chore->uses) {
      if (const auto saved = save_use(connection, use); !saved) return saved;
    }
    for (const SessionKey& key : chore->over) {
      if (const auto deleted = delete_session(connection, key); !deleted) return deleted;
    }
    if (!chore->purge) return {};
    const auto more = delete_expired(connection, now.wall, run, now.steady - kPurgeMargin, kPurgedAtOnce);
    if (!more) return more.error();
    chore->more = *more;
    return {};
  };
}

void StoredSessions::tend() {
  if (rounds_->under_way.exchange(true)) return;
  OnExit round([this] { rounds_->under_way = false; }); // else the answer ends it
  const Moment now = moment(clock_);
  live_->clear_graves(now.steady);
  live_->forget_ended(now);
  auto chore = next_chore(now);
  if (chore->touches.empty() && chore->over.empty() && !chore->purge) return;
  auto answer = [chore, now, live = live_, rounds = rounds_, &log = log_](const Result<void>& written) {
    const Duration::rep at = now.steady.time_since_epoch().count();
    if (written) {
      live->tended(chore->touches, chore->over, now.steady);
      if (!chore->touches.empty()) rounds->saved = at;
      if (chore->purge && !chore->more) rounds->purged = at; // else goes on with the next tend
    } else {
      log.warn("session.tend_failed", {{"reason", written.error().message}});
    }
    rounds->under_way = false;
  };
  database_.write(job_of(chore, now), {}, std::move(answer));
  round.dismiss();
}

// Insists: a destructor can't say that there was no memory.
StoredSessions::~StoredSessions() {
  insist([this] {
    const Moment now = moment(clock_);
    const auto touches = live_->touches();
    auto over = live_->seen_over();
    if (touches.empty() && over.empty()) return; // as when a start failed: needs no memory
    auto chore = std::make_shared<Chore>();
    for (const Touch& touch : touches) chore->uses.push_back(live_->row_of(touch, now));
    chore->over = std::move(over);
    database_.write(job_of(chore, now), {}, {});
  });
}

} // namespace

std::unique_ptr<Sessions> Sessions::make(store::Database& database, const Keys& keys, const SessionLimits& limits,
                                         const Clock& clock, Random& random, Log& log, Metrics& metrics) {
  return std::make_unique<StoredSessions>(database, keys, limits, clock, random, log, metrics);
}

} // namespace plugboard::session
