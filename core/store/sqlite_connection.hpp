// One connection to the SQLite file with the statements prepared on it. Owned by the thread that runs jobs on it
// (writer or reader); used by no two at once. Tells its owner what kind of fault a failed call was.
#pragma once

#include "core/store/database.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace plugboard::store {

enum class Fault : std::uint8_t {
  none = 1, // from harmless to worst
  memory,   // there was none: nothing the disk did
  other,
  full,   // no room on the disk: it may come back
  disk,   // the disk failed: what was written since the last success may or may not be there
  damage, // the file is not what SQLite wrote, or no SQLite file at all
};

class SqliteConnection final : public Connection {
 public:
  // The file must exist. vfs: "" for the system's.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, const std::string& vfs);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Result<Statement*> prepare(std::string_view sql) override;
  std::int64_t changes() const override;

  Result<void> run(const std::string& sql);               // one or more statements; rows are dropped
  Result<std::string> first_text(const std::string& sql); // first column of the first row; "" without one
  Result<std::int64_t> first_integer(const std::string& sql);

  void defend(); // nothing in the file, and no SQL, can corrupt it or switch these walls off
  void rest();   // resets what a job left standing, so that it holds no lock nor snapshot
  bool in_transaction() const;
  bool roll_back() noexcept; // true: no transaction is open any more

  int wal_pages() const { return wal_pages_; } // after the last commit

  Result<bool> checkpoint(); // true: all of the log is home. Waits for nobody
  void keep_wal_on_close();  // closing brings nothing home any more: after the disk failed

  Fault fault() const { return fault_; } // the worst since forget_fault()

  void forget_fault() { fault_ = Fault::none; }

  Error failed(int code); // notes the fault and says it

 private:
  class Prepared;

  explicit SqliteConnection(sqlite3* handle);
  static int note_wal(void* self, sqlite3* handle, const char* schema, int pages);

  sqlite3* handle_;
  std::map<std::string, std::unique_ptr<Prepared>, std::less<>> prepared_;
  std::vector<Prepared*> used_; // since the last rest()
  int wal_pages_ = 0;
  Fault fault_ = Fault::none;
};

} // namespace plugboard::store
