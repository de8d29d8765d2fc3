// The database that a connector asks: SQLite's file or PostgreSQL's server. Owned by the connector. [ask: any thread]
#pragma once

#include "plugins/sql/config.hpp"
#include "plugins/sql/value.hpp"

#include <functional>

namespace plugboard::sql {

class Database {
 public:
  using Columns = std::vector<std::string>;

  virtual ~Database() = default;

  // Prepares every query. The outer failure: the database isn't there now; the inner ones: what is wrong with a query.
  virtual Result<std::vector<Result<Columns>>> check() = 0;
  virtual Result<Table> ask(const Ask& ask) = 0;
  virtual void stop() = 0; // who waits for a connection is sent away; no thread of its own runs any more
};

} // namespace plugboard::sql
