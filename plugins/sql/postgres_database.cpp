#include "plugins/sql/postgres_database.hpp"

#include <algorithm>
#include <cstring>

namespace plugboard::sql {
namespace {

// The server keeps the statement timeout itself; only a server that does not is given up.
constexpr std::chrono::milliseconds kGrace{200};

// A connection that goes back to its pool, however the question ends.
class Borrowed {
 public:
  Borrowed(PostgresPool& pool, PostgresPool::Connection connection) : pool_(pool), connection_(std::move(connection)) {}

  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  ~Borrowed() { pool_.give_back(std::move(connection_)); }

  PostgresConnection* operator->() const { return connection_.get(); }

 private:
  PostgresPool& pool_;
  PostgresPool::Connection connection_;
};

} // namespace

PostgresDatabase::PostgresDatabase(const Config& config, const PostgresServer& server, std::string root_certificate,
                                   Host host)
    : config_(config), server_(server), root_certificate_(std::move(root_certificate)), host_(host),
      pool_(
          config.pool_max, server.connect_timeout, [this](const Patience& patience) { return connect(patience); },
          [host](std::string_view what) { host.warn(what); }) {}

// A host that is not granted is a fault whatever the others are; one that can't be found now is passed over.
Result<std::vector<Reached>> PostgresDatabase::locate() const {
  std::vector<Reached> places;
  std::optional<Failure> failure;
  for (const auto& host : server_.hosts) {
    auto found = host_.locate_tcp(host, server_.port);
    if (!found) {
      failure = found.failure();
      if (failure->status != Status::unreachable) return *failure;
      continue;
    }
    for (auto& place : *found) places.push_back({host, std::move(place.address), place.port});
  }
  if (places.empty()) return *failure;
  return places;
}

Result<PostgresPool::Connection> PostgresDatabase::connect(const Patience& patience) const {
  auto places = locate();
  if (!places) return places.failure();
  Login login{server_, std::move(*places), {}, root_certificate_, config_.statement_timeout};
  if (!server_.password.empty() &&
      !host_.with_secret(server_.password, [&](std::string_view value) { login.password = value; }))
    return Failure{Status::failed, "the password's secret is not there: check database.postgres.password"};
  auto connected = PostgresConnection::connect(login, config_.sections.size(), patience);
  ::explicit_bzero(login.password.data(), login.password.size());
  return connected;
}

Patience PostgresDatabase::for_one_statement(const Patience& patience) const {
  return {std::min(patience.deadline, Clock::now() + config_.statement_timeout + kGrace), patience.stop};
}

Result<std::vector<Result<Database::Columns>>> PostgresDatabase::check() {
  const Patience patience{Clock::now() + server_.connect_timeout, {}};
  auto taken = pool_.take(patience);
  if (!taken) return taken.failure();
  const Borrowed connection(pool_, std::move(*taken));
  std::vector<Result<Columns>> checked;
  for (std::size_t i = 0; i < config_.sections.size(); ++i)
    checked.push_back(connection->columns(i, config_.sections[i].query, for_one_statement(patience)));
  return checked;
}

Result<Table> PostgresDatabase::ask(const Ask& ask) {
  for (bool again = true;; again = false) {
    auto taken = pool_.take({ask.deadline, ask.stop});
    if (!taken) return taken.failure();
    const Borrowed connection(pool_, std::move(*taken));
    Ask limited = ask;
    limited.deadline = for_one_statement({ask.deadline, ask.stop}).deadline;
    auto table = connection->ask(limited, config_.sections[ask.section].query);
    if (again && connection->state() == PostgresConnection::State::stale) continue;
    return table;
  }
}

} // namespace plugboard::sql
