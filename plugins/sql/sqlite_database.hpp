// A SQLite file and the connections that read it, one for each lookup that runs at the same time, up to a limit.
// [ask: any thread]
#pragma once

#include "plugins/sql/database.hpp"
#include "plugins/sql/sqlite_connection.hpp"

#include <condition_variable>
#include <mutex>

namespace plugboard::sql {

class SqliteDatabase final : public Database {
 public:
  // path: where the file is, or will be. config must outlive this.
  SqliteDatabase(const Config& config, std::string path) : config_(config), path_(std::move(path)) {}

  Result<std::vector<Result<Columns>>> check() override;
  Result<Table> ask(const Ask& ask) override;
  void stop() override;

 private:
  class Lease;
  using Connection = std::unique_ptr<SqliteConnection>;
  Result<Connection> take(const Ask& ask);
  void give_back(Connection connection);

  const Config& config_;
  const std::string path_;
  std::mutex mutex_;
  std::condition_variable_any returned_;
  std::vector<Connection> idle_;
  std::size_t leased_ = 0;
  bool stopped_ = false;
};

} // namespace plugboard::sql
