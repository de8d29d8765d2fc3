#include "core/session/kept_values.hpp"

#include "core/session/columns.hpp"
#include "core/session/seal.hpp"

#include <plugboard/host_kv.h>

#include <atomic>
#include <utility>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;
using connector::KeptKey;
using connector::KeptResult;

constexpr std::string_view kPurpose = "kept_value";
constexpr Duration kBetweenSweeps = 60s;

struct Footing { // shared with jobs under way
  store::Database& database;
  const Keys& keys;
  const Clock& clock;
  Random& random;
  Log& log;
  Counter& damaged;
  std::atomic<Duration::rep> swept{0};
};

struct Row {
  KeyedHash hash;
  std::int64_t version = 0; // 0: there is none
  WallTime expires_at{};
  std::string sealed;
};

std::string name_of(const KeptKey& key) { // parts that can't run into each other
  return std::to_string(key.connector.size()) + ":" + key.connector + key.key;
}

std::string about(const KeptKey& key, const Row& row) {
  Seal seal("kept_values");
  seal.add(key.tenant).add(key.connector).add(row.hash.key_id).add(row.hash.digest);
  return seal.add(row.version).add(nanoseconds(row.expires_at)).digest();
}

// The one that is there, under whichever of the hub's keys, and still good.
Result<Row> find(const Footing& on, store::Connection& connection, const KeptKey& key) {
  const WallTime now = on.clock.wall();
  for (KeyedHash& hash : on.keys.candidates(kPurpose, name_of(key))) {
    auto statement = connection.prepare("SELECT version, expires_at, sealed FROM kept_values "
                                        "WHERE tenant = ?1 AND connector = ?2 AND key_id = ?3 AND digest = ?4");
    if (!statement) return statement.error();
    store::Statement& row = **statement;
    const auto there = row.bind(1, key.tenant).bind(2, key.connector).bind(3, hash.key_id).bind(4, hash.digest).step();
    if (!there) return there.error();
    if (!*there || wall_time(row.integer(1)) <= now) continue;
    return Row{std::move(hash), row.integer(0), wall_time(row.integer(1)), std::string(row.text(2))};
  }
  return Row{};
}

Result<void> erase(const Footing& on, store::Connection& connection, const KeptKey& key) {
  for (const KeyedHash& hash : on.keys.candidates(kPurpose, name_of(key))) {
    auto statement = connection.prepare(
        "DELETE FROM kept_values WHERE tenant = ?1 AND connector = ?2 AND key_id = ?3 AND digest = ?4");
    if (!statement) return statement.error();
    (*statement)->bind(1, key.tenant).bind(2, key.connector).bind(3, hash.key_id).bind(4, hash.digest);
    if (const auto gone = run(**statement); !gone) return gone.error();
  }
  return {};
}

Result<bool> fits(store::Connection& connection, const KeptKey& key, std::size_t bytes) {
  auto statement =
      connection.prepare("SELECT count(*), total(size) FROM kept_values WHERE tenant = ?1 AND connector = ?2");
  if (!statement) return statement.error();
  store::Statement& row = **statement;
  const auto there = row.bind(1, key.tenant).bind(2, key.connector).step();
  if (!there) return there.error();
  return row.integer(0) < kMostKeptEntries && row.integer(1) + static_cast<std::int64_t>(bytes) <= kMostKeptBytes;
}

// What is over takes room until it is swept: here, when there is no other.
Result<bool> has_room(const Footing& on, store::Connection& connection, const KeptKey& key, std::size_t bytes) {
  const auto room = fits(connection, key, bytes);
  if (!room || *room) return room;
  auto statement =
      connection.prepare("DELETE FROM kept_values WHERE tenant = ?1 AND connector = ?2 AND expires_at <= ?3");
  if (!statement) return statement.error();
  (*statement)->bind(1, key.tenant).bind(2, key.connector).bind(3, nanoseconds(on.clock.wall()));
  if (const auto swept = run(**statement); !swept) return swept.error();
  return fits(connection, key, bytes);
}

Result<void> insert(store::Connection& connection, const KeptKey& key, const Row& row, std::size_t size) {
  auto statement = connection.prepare("INSERT INTO kept_values (tenant, connector, key_id, digest, version, "
                                      "expires_at, size, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!statement) return statement.error();
  (*statement)->bind(1, key.tenant).bind(2, key.connector).bind(3, row.hash.key_id).bind(4, row.hash.digest);
  (*statement)->bind(5, row.version).bind(6, nanoseconds(row.expires_at)).bind(7, static_cast<std::int64_t>(size));
  return run((*statement)->bind_blob(8, row.sealed));
}

bool holds(std::int64_t only_if, const Row& row) {
  if (only_if == PLUGBOARD_KV_ANY) return true;
  return only_if == PLUGBOARD_KV_ABSENT ? row.version == 0 : row.version == only_if;
}

// Never told twice, so that a value that was there before, and is again, is not taken for the same.
std::int64_t new_version(Random& random) {
  return static_cast<std::int64_t>(random.next() >> 1 | 1);
}

Result<void> put(const Footing& on, store::Connection& connection, const KeptKey& key, const Secret& value,
                 Duration life, std::int64_t only_if, KeptResult& result) {
  const auto there = find(on, connection, key);
  if (!there) return there.error();
  if (!holds(only_if, *there)) return result.status = PLUGBOARD_CONFLICT, Result<void>();
  if (const auto gone = erase(on, connection, key); !gone) return gone.error();
  const std::size_t size = key.key.size() + value.reveal().size();
  const auto room = has_room(on, connection, key, size);
  if (!room) return room.error();
  if (!*room) { // an error, so that what was there before is still
    result.status = PLUGBOARD_TOO_LARGE;
    return fail(Code::too_large, "the place of connector " + key.connector + " is full", "store");
  }
  Row row{on.keys.hash(kPurpose, name_of(key)), new_version(on.random), on.clock.wall() + life, {}};
  row.sealed = close(*on.keys.derived(row.hash.key_id, kPurpose), value.reveal(), about(key, row), on.random);
  if (const auto inserted = insert(connection, key, row, size); !inserted) return inserted.error();
  result.status = PLUGBOARD_OK;
  result.version = row.version;
  return {};
}

Result<void> get(const Footing& on, store::Connection& connection, const KeptKey& key, KeptResult& result) {
  const auto row = find(on, connection, key);
  if (!row) return row.error();
  result.status = PLUGBOARD_NOT_FOUND;
  if (row->version == 0) return {};
  auto value = open(*on.keys.derived(row->hash.key_id, kPurpose), row->sealed, about(key, *row));
  if (!value) {
    on.damaged.add();
    on.log.error("store.kept_value_damaged", {{"connector", key.connector}, {"tenant", key.tenant}});
    return {};
  }
  result = {PLUGBOARD_OK, row->version, std::move(*value)};
  return {};
}

Result<void> remove(const Footing& on, store::Connection& connection, const KeptKey& key, std::int64_t only_if,
                    KeptResult& result) {
  const auto row = find(on, connection, key);
  if (!row) return row.error();
  result.status = row->version == 0 ? PLUGBOARD_NOT_FOUND : PLUGBOARD_CONFLICT;
  if (row->version == 0 || !holds(only_if, *row)) return {};
  result.status = PLUGBOARD_OK;
  return erase(on, connection, key);
}

class StoredValues final : public KeptValues {
 public:
  explicit StoredValues(std::shared_ptr<Footing> on) : on_(std::move(on)) {}

  void get(KeptKey key, Done done) override {
    const auto result = std::make_shared<KeptResult>();
    auto job = [on = on_, key = std::move(key), result](store::Connection& connection) {
      return session::get(*on, connection, key, *result);
    };
    on_->database.read(std::move(job), {}, told(result, std::move(done)));
  }

  void put(KeptKey key, Secret value, Duration life, std::int64_t only_if, Done done) override {
    const auto result = std::make_shared<KeptResult>();
    auto job = [on = on_, key = std::move(key), value = std::make_shared<const Secret>(std::move(value)), life, only_if,
                result](store::Connection& connection) {
      return session::put(*on, connection, key, *value, life, only_if, *result);
    };
    on_->database.write(std::move(job), {}, told(result, std::move(done)));
  }

  void remove(KeptKey key, std::int64_t only_if, Done done) override {
    const auto result = std::make_shared<KeptResult>();
    auto job = [on = on_, key = std::move(key), only_if, result](store::Connection& connection) {
      return session::remove(*on, connection, key, only_if, *result);
    };
    on_->database.write(std::move(job), {}, told(result, std::move(done)));
  }

  void tend() override {
    const Duration::rep at = on_->clock.now().time_since_epoch().count();
    if (Duration(at - on_->swept) < kBetweenSweeps) return;
    on_->swept = at;
    auto job = [now = on_->clock.wall()](store::Connection& connection) -> Result<void> {
      auto statement = connection.prepare("DELETE FROM kept_values WHERE expires_at <= ?1");
      if (!statement) return statement.error();
      return run((*statement)->bind(1, nanoseconds(now)));
    };
    on_->database.write(std::move(job), {}, [&log = on_->log](const Result<void>& swept) {
      if (!swept) log.warn("store.kept_values_not_swept", {{"reason", swept.error().message}});
    });
  }

 private:
  static store::Database::Done told(std::shared_ptr<KeptResult> result, Done done) {
    return [result = std::move(result), done = std::move(done)](const Result<void>& outcome) {
      if (!outcome && result->status != PLUGBOARD_TOO_LARGE)
        *result = {outcome.error().code == Code::overloaded ? PLUGBOARD_BUSY : PLUGBOARD_FAILED, 0, {}};
      done(std::move(*result));
    };
  }

  std::shared_ptr<Footing> on_;
};

} // namespace

std::shared_ptr<KeptValues> KeptValues::make(store::Database& database, const Keys& keys, const Clock& clock,
                                             Random& random, Log& log, Metrics& metrics) {
  return std::make_shared<StoredValues>(
      std::shared_ptr<Footing>(new Footing{database, keys, clock, random, log, damaged_rows(metrics), {}}));
}

} // namespace plugboard::session
