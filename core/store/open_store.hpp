// Opens the store's file: makes it when it is not there, refuses what is damaged, of another program or of a newer hub,
// and brings the schema up to date. Run once, before the store's threads start.
#pragma once

#include "core/store/migrations.hpp"
#include "core/store/sqlite_connection.hpp"

namespace plugboard::store {

struct OpenedStore {
  std::unique_ptr<SqliteConnection> writer, reader;
  int schema_version = 0;
};

Result<OpenedStore> open_store(const Database::Options& options, std::span<const Migration> steps, Log& log);

} // namespace plugboard::store
