// One open SQLite file, for reading and nothing else: read-only by its open flags, by query_only and by an authorizer
// that knows only SELECT. Used by one thread at a time.
#pragma once

#include "plugins/sql/query.hpp"
#include "plugins/sql/sqlite_rest.hpp"
#include "plugins/sql/value.hpp"

#include <sqlite3.h>

#include <memory>

namespace plugboard::sql {

class SqliteConnection {
 public:
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, std::size_t sections);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  bool still_there() const; // the path leads to the very file that is open, and what is kept of it is true

  bool undisturbed() const { return !rest_ || rest_->lasts(path_); } // what was read since it was opened is true

  Result<std::vector<std::string>> columns(std::size_t section, const Query& query);
  Result<Table> ask(const Ask& ask, const Query& query);

 private:
  explicit SqliteConnection(std::string path, std::size_t sections) : path_(std::move(path)), statements_(sections) {}

  Failure open_failure(int code) const;
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, std::size_t sections,
                                                        std::optional<SqliteRest> rest);
  int harden();
  Result<sqlite3_stmt*> prepare(std::size_t section, const Query& query);
  Failure failure(int code, const Ask& ask) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::string path_;
  unsigned long long device_ = 0, inode_ = 0;
  std::optional<SqliteRest> rest_; // it was opened as one that does not change
  sqlite3* database_ = nullptr;
  std::vector<std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

} // namespace plugboard::sql
