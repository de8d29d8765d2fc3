// A store in a temporary folder, and short ways to write into it and to look. The tests use a table of their own, which
// any job may make: migrations stay what they are.
#pragma once

#include "core/store/database.hpp"
#include "tests/unit/store/temp_folder.hpp"

#include <memory>
#include <set>

namespace plugboard::store {

inline Result<void> run(Connection& connection, std::string_view sql) {
  const auto statement = connection.prepare(sql);
  if (!statement) return statement.error();
  const auto stepped = (*statement)->step();
  if (!stepped) return stepped.error();
  return {};
}

inline Database::Job make_table() {
  return [](Connection& connection) {
    return run(connection, "CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY)");
  };
}

inline Database::Job add_thing(std::string name) {
  return [name = std::move(name)](Connection& connection) -> Result<void> {
    const auto statement = connection.prepare("INSERT INTO things VALUES (?1)");
    if (!statement) return statement.error();
    const auto stepped = (*statement)->bind(1, name).step();
    if (!stepped) return stepped.error();
    return {};
  };
}

inline std::set<std::string> things(Database& database) {
  std::set<std::string> names;
  const auto read = database.read_now([&names](Connection& connection) -> Result<void> {
    const auto statement = connection.prepare("SELECT name FROM things");
    if (!statement) return statement.error();
    for (auto row = (*statement)->step();; row = (*statement)->step()) {
      if (!row) return row.error();
      if (!*row) return {};
      names.emplace((*statement)->text(0));
    }
  });
  if (!read) ADD_FAILURE() << to_string(read.error());
  return names;
}

class StoreFixture : public ::testing::Test {
 protected:
  Database::Options options() const {
    Database::Options options;
    options.path = folder.file("store.db");
    return options;
  }

  Result<std::unique_ptr<Database>> try_open(const Database::Options& with) {
    return Database::open(with, *log, metrics);
  }

  std::unique_ptr<Database> open(const Database::Options& with) {
    auto database = try_open(with);
    if (database) return std::move(*database);
    ADD_FAILURE() << to_string(database.error());
    return nullptr;
  }

  std::unique_ptr<Database> open() { return open(options()); }

  plugboard::testing::TempFolder folder;
  std::unique_ptr<Log> log = no_log();
  Metrics metrics;
};

} // namespace plugboard::store
