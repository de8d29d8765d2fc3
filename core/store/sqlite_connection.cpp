#include "core/store/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace plugboard::store {
namespace {

bool is_want_of_memory(int code) {
  return code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM; // the second: while it read or wrote
}

Fault fault_of(int code) {
  if (is_want_of_memory(code)) return Fault::memory;
  switch (code & 0xFF) {
  case SQLITE_FULL:
    return Fault::full;
  case SQLITE_IOERR:
    return Fault::disk;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return Fault::damage;
  default:
    return Fault::other;
  }
}

Code code_of(int code) {
  switch (code & 0xFF) {
  case SQLITE_CONSTRAINT:
    return Code::conflict;
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return Code::io;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return Code::unavailable;
  default:
    return Code::internal;
  }
}

} // namespace

class SqliteConnection::Prepared final : public Statement {
 public:
  Prepared(SqliteConnection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}

  ~Prepared() override { sqlite3_finalize(statement_); }

  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  Statement& bind(int index, std::string_view text) override {
    const char* data = text.data() != nullptr ? text.data() : ""; // a null pointer would bind NULL
    return note(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }

  Statement& bind(int index, std::int64_t value) override { return note(sqlite3_bind_int64(statement_, index, value)); }

  Statement& bind_null(int index) override { return note(sqlite3_bind_null(statement_, index)); }

  Statement& bind_blob(int index, std::string_view bytes) override {
    const char* data = bytes.data() != nullptr ? bytes.data() : "";
    return note(sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_TRANSIENT));
  }

  Result<bool> step() override {
    if (bound_ != SQLITE_OK) return connection_.failed(bound_);
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
      sqlite3_reset(statement_);
      return false;
    }
    Error error = connection_.failed(code); // before the reset, which may clear the text of it
    sqlite3_reset(statement_);
    return error;
  }

  std::string_view text(int column) const override {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string_view("") : std::string_view(data, static_cast<std::size_t>(size));
  }

  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }

  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

  void rest() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_); // no customer's data waits here for the next job
    bound_ = SQLITE_OK;
  }

 private:
  Statement& note(int code) {
    if (bound_ == SQLITE_OK) bound_ = code;
    return *this;
  }

  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  int bound_ = SQLITE_OK; // the first binding that failed; told by step()
};

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                      vfs.empty() ? nullptr : vfs.c_str());
  if (handle == nullptr) return fail(Code::internal, "no memory to open " + path, "store");
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
  if (code != SQLITE_OK) return connection->failed(code);
  return connection;
}

SqliteConnection::SqliteConnection(sqlite3* handle) : handle_(handle) {
  // In the place of the automatic checkpoint, which swallows a failed flush.
  // "PRAGMA wal_autocheckpoint" would undo this.
  sqlite3_wal_hook(handle_, &SqliteConnection::note_wal, this);
}

SqliteConnection::~SqliteConnection() {
  prepared_.clear();
  sqlite3_close_v2(handle_);
}

int SqliteConnection::note_wal(void* self, sqlite3*, const char*, int pages) {
  static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

Result<Statement*> SqliteConnection::prepare(std::string_view sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return failed(code);
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owned(statement, &sqlite3_finalize);
    auto made = std::make_unique<Prepared>(*this, statement);
    owned.release(); // NOLINT(bugprone-unused-return-value): `made` owns it now
    found = prepared_.emplace(std::string(sql), std::move(made)).first;
  }
  Prepared& prepared = *found->second;
  prepared.rest();
  used_.push_back(&prepared);
  return static_cast<Statement*>(&prepared);
}

std::int64_t SqliteConnection::changes() const {
  return sqlite3_changes64(handle_);
}

Result<void> SqliteConnection::run(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(code);
  return {};
}

Result<std::string> SqliteConnection::first_text(const std::string& sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = (*statement)->step();
  if (!row) return row.error();
  std::string text(*row ? (*statement)->text(0) : std::string_view());
  rest();
  return text;
}

Result<std::int64_t> SqliteConnection::first_integer(const std::string& sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = (*statement)->step();
  if (!row) return row.error();
  const std::int64_t value = *row ? (*statement)->integer(0) : 0;
  rest();
  return value;
}

void SqliteConnection::defend() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
}

void SqliteConnection::rest() {
  for (Prepared* prepared : used_) prepared->rest();
  used_.clear();
}

bool SqliteConnection::roll_back() noexcept {
  while (in_transaction() && is_want_of_memory(sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr)))
    std::this_thread::sleep_for(std::chrono::milliseconds(1)); // its disk has not failed: it needs memory, as all do
  return !in_transaction();
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Result<bool> SqliteConnection::checkpoint() {
  int in_log = 0, home = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &home);
  if ((code & 0xFF) == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) return failed(code);
  return in_log == home;
}

void SqliteConnection::keep_wal_on_close() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Error SqliteConnection::failed(int code) {
  fault_ = std::max(fault_, fault_of(code));
  const std::string name = sqlite3_errstr(code);
  const std::string text = sqlite3_errmsg(handle_);
  return fail(code_of(code), text == name ? name : name + ": " + text, "store");
}

} // namespace plugboard::store
