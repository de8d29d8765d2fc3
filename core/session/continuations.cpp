#include "core/session/continuations.hpp"

#include "core/base/ids.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"
#include "core/session/columns.hpp"
#include "core/session/moment.hpp"
#include "core/session/seal.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "pbc_", kPurpose = "continuation";
constexpr Duration kLongest = 10min;
constexpr std::size_t kMostState = 32 * 1024;
constexpr std::int64_t kMostOfAClient = 10'000; // begun and not gone on with
constexpr Duration kBetweenPurges = 60s;

std::string about(const KeyedHash& hash, const std::string& tenant, const std::string& client,
                  const std::string& connector, WallTime expires_at) {
  Seal seal("continuations");
  seal.add(tenant).add(hash.key_id).add(hash.digest).add(client).add(connector).add(nanoseconds(expires_at));
  return seal.digest();
}

std::string to_json(const Continuation& continuation) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().member("state", continuation.state).key("step_up").begin_array();
  for (const KeyedHash& hash : continuation.step_up)
    writer.begin_object().member("key_id", hash.key_id).member("digest", hash.digest).end_object();
  writer.end_array().end_object();
  return out;
}

bool read_into(Continuation& continuation, std::string_view json) {
  json::Reader reader;
  const auto value = reader.read(json);
  if (!value || !(*value)["state"].is_string()) return false;
  continuation.state = (*value)["state"].string().value_or("");
  (*value)["step_up"].each_element([&](json::Value hash) {
    continuation.step_up.push_back(
        {std::string(hash["key_id"].string().value_or("")), std::string(hash["digest"].string().value_or(""))});
  });
  return true;
}

struct Footing { // shared with jobs under way
  store::Database& database;
  const Keys& keys;
  const Clock& clock;
  Random& random;
  Log& log;
  Counter& damaged;
  const std::string run;
  std::atomic<Duration::rep> purged{0};
};

Result<void> check_room(store::Connection& connection, const Continuation& of) {
  auto begun = connection.prepare("SELECT count(*) FROM continuations WHERE tenant = ?1 AND client = ?2");
  if (!begun) return begun.error();
  if (const auto row = (*begun)->bind(1, of.tenant).bind(2, of.client).step(); !row) return row.error();
  if ((*begun)->integer(0) < kMostOfAClient) return {};
  return fail(Code::overloaded, "this client has begun too many logins that it did not go on with", "session");
}

Result<void> insert(const Footing& on, store::Connection& connection, const Continuation& continuation,
                    const KeyedHash& hash, WallTime expires_at, Instant ends) {
  auto statement = connection.prepare("INSERT INTO continuations (tenant, key_id, digest, client, connector, sealed, "
                                      "expires_at, run, run_expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  if (!statement) return statement.error();
  const Secret plain(to_json(continuation));
  const std::string closed =
      close(*on.keys.derived(hash.key_id, kPurpose), plain.reveal(),
            about(hash, continuation.tenant, continuation.client, continuation.connector, expires_at), on.random);
  (*statement)->bind(1, continuation.tenant).bind(2, hash.key_id).bind(3, hash.digest).bind(4, continuation.client);
  (*statement)->bind(5, continuation.connector).bind_blob(6, closed).bind(7, nanoseconds(expires_at));
  (*statement)->bind(8, on.run).bind(9, nanoseconds(ends));
  return run(**statement);
}

// Of a run before there is only the wall clock to go by.
bool is_over(const Footing& on, const store::Statement& row, Moment now) {
  const WallTime expires_at = wall_time(row.integer(2));
  if (now.wall >= expires_at || expires_at - now.wall > kLongest) return true;
  return row.text(3) == on.run && now.steady >= instant(row.integer(4));
}

// True: `into` is what there was, live or not, and it is gone.
Result<bool> take_row(const Footing& on, store::Connection& connection, const KeyedHash& hash, Continuation& into,
                      bool& good) {
  auto found = connection.prepare("SELECT connector, sealed, expires_at, run, run_expires_at FROM continuations "
                                  "WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3 AND client = ?4");
  if (!found) return found.error();
  store::Statement& row = **found;
  row.bind(1, into.tenant).bind(2, hash.key_id).bind(3, hash.digest).bind(4, into.client);
  const auto there = row.step();
  if (!there) return there.error();
  if (!*there) return false;
  into.connector = row.text(0);
  good = !is_over(on, row, {on.clock.now(), on.clock.wall()});
  const auto plain = open(*on.keys.derived(hash.key_id, kPurpose), row.text(1),
                          about(hash, into.tenant, into.client, into.connector, wall_time(row.integer(2))));
  if (!plain || !read_into(into, plain->reveal())) {
    on.damaged.add();
    on.log.error("session.continuation_damaged", {{"tenant", into.tenant}, {"client", into.client}});
    good = false;
  }
  auto gone =
      connection.prepare("DELETE FROM continuations WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3 AND client = ?4");
  if (!gone) return gone.error();
  (*gone)->bind(1, into.tenant).bind(2, hash.key_id).bind(3, hash.digest).bind(4, into.client);
  if (const auto done = run(**gone); !done) return done.error();
  return true;
}

class StoredContinuations final : public Continuations {
 public:
  explicit StoredContinuations(std::shared_ptr<Footing> on) : on_(std::move(on)) {}

  void open(Continuation continuation, WallTime wanted, store::Poster back,
            std::function<void(Result<Opened>)> done) override;
  void take(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
            std::function<void(Result<Continuation>)> done) override;
  void tend() override;

 private:
  std::shared_ptr<Footing> on_;
};

void StoredContinuations::open(Continuation continuation, WallTime wanted, store::Poster back,
                               std::function<void(Result<Opened>)> done) {
  if (continuation.state.size() > kMostState)
    return done(fail(Code::too_large, "a plugin's state between two steps has at most 32 KiB", continuation.connector));
  const Moment now = moment(on_->clock);
  const Duration life = std::clamp<Duration>(wanted - now.wall, Duration::zero(), kLongest);
  auto opened = std::make_shared<Opened>(Opened{new_token(kPrefix, on_->random), now.wall + life});
  auto job = [on = on_, opened, continuation = std::move(continuation),
              hash = on_->keys.hash(kPurpose, opened->token.reveal()),
              ends = now.steady + life](store::Connection& connection) -> Result<void> {
    if (const auto room = check_room(connection, continuation); !room) return room;
    return insert(*on, connection, continuation, hash, opened->expires_at, ends);
  };
  auto answer = [opened, done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    done(std::move(*opened));
  };
  on_->database.write(std::move(job), std::move(back), std::move(answer));
}

void StoredContinuations::take(std::string_view token, std::string_view tenant, std::string_view client,
                               store::Poster back, std::function<void(Result<Continuation>)> done) {
  const auto unknown = [] { return fail(Code::not_found, "there is nothing to go on with", "session"); };
  if (!is_token(kPrefix, token)) return done(unknown());

  struct Taken {
    Continuation continuation;
    bool good = false;
  };

  auto taken = std::make_shared<Taken>();
  taken->continuation.tenant = tenant;
  taken->continuation.client = client;
  auto job = [on = on_, taken,
              hashes = on_->keys.candidates(kPurpose, token)](store::Connection& connection) -> Result<void> {
    for (const KeyedHash& hash : hashes) {
      const auto there = take_row(*on, connection, hash, taken->continuation, taken->good);
      if (!there) return there.error();
      if (*there) break;
    }
    return {};
  };
  auto answer = [taken, unknown, done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    if (!taken->good) return done(unknown());
    done(std::move(taken->continuation));
  };
  on_->database.write(std::move(job), std::move(back), std::move(answer));
}

void StoredContinuations::tend() {
  const Moment now = moment(on_->clock);
  const Duration::rep at = now.steady.time_since_epoch().count();
  if (Duration(at - on_->purged) < kBetweenPurges) return;
  on_->purged = at;
  auto job = [wall = now.wall](store::Connection& connection) -> Result<void> {
    auto statement = connection.prepare("DELETE FROM continuations WHERE expires_at <= ?1 OR expires_at > ?2");
    if (!statement) return statement.error();
    return run((*statement)->bind(1, nanoseconds(wall)).bind(2, nanoseconds(wall + kLongest)));
  };
  on_->database.write(std::move(job), {}, [&log = on_->log](const Result<void>& purged) {
    if (!purged) log.warn("session.tend_failed", {{"reason", purged.error().message}});
  });
}

} // namespace

std::unique_ptr<Continuations> Continuations::make(store::Database& database, const Keys& keys, const Clock& clock,
                                                   Random& random, Log& log, Metrics& metrics) {
  return std::make_unique<StoredContinuations>(std::shared_ptr<Footing>(
      new Footing{database, keys, clock, random, log, damaged_rows(metrics), new_uuid7(clock, random), {}}));
}

} // namespace plugboard::session
