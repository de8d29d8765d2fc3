#include "plugins/sql/sqlite_database.hpp"

#include <algorithm>

namespace plugboard::sql {
namespace {

constexpr int kTries = 3; // to read a file at rest, of which somebody wakes it

}

// A place in the pool, and the connection that fills it once there is one.
class SqliteDatabase::Lease {
 public:
  explicit Lease(SqliteDatabase& database) : database_(database) {}

  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  ~Lease() { database_.give_back(std::move(connection)); }

  Connection connection;

 private:
  SqliteDatabase& database_;
};

Result<std::vector<Result<Database::Columns>>> SqliteDatabase::check() {
  auto opened = SqliteConnection::open(path_, config_.sections.size());
  if (!opened) return opened.failure();
  std::vector<Result<Columns>> checked;
  for (std::size_t i = 0; i < config_.sections.size(); ++i)
    checked.push_back((*opened)->columns(i, config_.sections[i].query));
  return checked;
}

// A null connection: the place is taken, the file is still to be opened.
Result<SqliteDatabase::Connection> SqliteDatabase::take(const Ask& ask) {
  std::unique_lock lock(mutex_);
  const bool free =
      returned_.wait_until(lock, ask.stop, ask.deadline, [this] { return stopped_ || leased_ < config_.pool_max; });
  if (stopped_ || ask.stop.stop_requested()) return Failure{Status::cancelled, "the hub no longer waits"};
  if (!free)
    return Failure{Status::busy, "all " + std::to_string(config_.pool_max) + " connections are in use (pool.max)"};
  ++leased_;
  if (idle_.empty()) return Connection();
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void SqliteDatabase::give_back(Connection connection) {
  {
    std::lock_guard lock(mutex_);
    --leased_;
    if (connection && !stopped_) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

Result<Table> SqliteDatabase::ask(const Ask& ask) {
  auto taken = take(ask);
  if (!taken) return taken.failure();
  Lease lease(*this);
  lease.connection = std::move(*taken);
  Ask limited = ask;
  limited.deadline = std::min(ask.deadline, Clock::now() + config_.statement_timeout);
  for (int tries = 0; tries < kTries; ++tries) {
    if (!lease.connection || !lease.connection->still_there()) {
      auto opened = SqliteConnection::open(path_, config_.sections.size());
      if (!opened) return opened.failure();
      lease.connection = std::move(*opened);
    }
    auto table = lease.connection->ask(limited, config_.sections[ask.section].query);
    if (lease.connection->undisturbed()) return table;
  }
  return Failure{Status::unreachable, "the database file changed each time while it was read"};
}

void SqliteDatabase::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  idle_.clear();
  returned_.notify_all();
}

} // namespace plugboard::sql
