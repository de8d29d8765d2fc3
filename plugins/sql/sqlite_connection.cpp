#include "plugins/sql/sqlite_connection.hpp"

#include <plugboard/text.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace plugboard::sql {
namespace {

// What a query may do: read. Pragmas none, save the one that full-text tables ask themselves.
int authorize(void*, int action, const char* first, const char*, const char*, const char*) {
  switch (action) {
  case SQLITE_SELECT:
  case SQLITE_READ:
  case SQLITE_RECURSIVE:
  case SQLITE_FUNCTION:
    return SQLITE_OK;
  case SQLITE_PRAGMA:
    return std::string_view(first ? first : "") == "data_version" ? SQLITE_OK : SQLITE_DENY;
  default:
    return SQLITE_DENY;
  }
}

bool over(const Ask& ask) {
  return ask.stop.stop_requested() || Clock::now() >= ask.deadline;
}

// Holds a connection to the deadline and the cancellation of one question.
class Watch {
 public:
  Watch(sqlite3* database, const Ask& ask) : database_(database), interrupt_(ask.stop, Interrupt{database}) {
    auto* watched = const_cast<Ask*>(&ask);
    sqlite3_progress_handler(
        database, 1000, [](void* user) { return over(*static_cast<Ask*>(user)) ? 1 : 0; }, watched);
    sqlite3_busy_handler(database, &Watch::wait_for_writer, watched);
  }

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  ~Watch() {
    sqlite3_progress_handler(database_, 0, nullptr, nullptr);
    sqlite3_busy_handler(database_, nullptr, nullptr);
  }

 private:
  struct Interrupt {
    sqlite3* database;

    void operator()() const { sqlite3_interrupt(database); }
  };

  static int wait_for_writer(void* user, int) {
    if (over(*static_cast<Ask*>(user))) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return 1;
  }

  sqlite3* database_;
  std::stop_callback<Interrupt> interrupt_;
};

// Nothing of one question stays in the statement for the next.
struct Rewind {
  sqlite3_stmt* statement;

  ~Rewind() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

// Comments and blanks may follow the one statement.
bool nothing_follows(sqlite3* database, const char* rest) {
  sqlite3_stmt* second = nullptr;
  while (*rest == ';' || *rest == ' ' || (*rest >= '\t' && *rest <= '\r')) ++rest;
  if (*rest == '\0') return true;
  const int code = sqlite3_prepare_v2(database, rest, -1, &second, nullptr);
  sqlite3_finalize(second);
  return code == SQLITE_OK && second == nullptr;
}

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  const auto& text = value.text;
  switch (value.kind) {
  case Value::Kind::null:
    return sqlite3_bind_null(statement, index);
  case Value::Kind::boolean:
    return sqlite3_bind_int(statement, index, text == "true" ? 1 : 0);
  case Value::Kind::text:
    break;
  case Value::Kind::number: {
    std::int64_t whole = 0;
    double real = 0;
    const auto* end = text.data() + text.size();
    if (auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
      return sqlite3_bind_int64(statement, index, whole);
    if (auto read = std::from_chars(text.data(), end, real); read.ec == std::errc() && read.ptr == end)
      return sqlite3_bind_double(statement, index, real);
    break;
  }
  }
  return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

Cell read_cell(sqlite3_stmt* statement, int column) {
  char buffer[64];
  switch (sqlite3_column_type(statement, column)) {
  case SQLITE_INTEGER: {
    auto written = std::to_chars(buffer, buffer + sizeof buffer, sqlite3_column_int64(statement, column));
    return {Cell::Kind::integer, std::string(buffer, written.ptr)};
  }
  case SQLITE_FLOAT: {
    auto written = std::to_chars(buffer, buffer + sizeof buffer, sqlite3_column_double(statement, column));
    return {Cell::Kind::real, std::string(buffer, written.ptr)};
  }
  case SQLITE_TEXT: {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    if (!text) return {Cell::Kind::binary, {}}; // no memory for it
    return {Cell::Kind::text, std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))};
  }
  case SQLITE_BLOB:
    return {Cell::Kind::binary, {}};
  default:
    return {};
  }
}

std::vector<std::string> column_names(sqlite3_stmt* statement) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(sqlite3_column_count(statement)));
  for (int i = 0; i < sqlite3_column_count(statement); ++i) names.emplace_back(sqlite3_column_name(statement, i));
  return names;
}

} // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, std::size_t sections) {
  auto opened = open(path, sections, std::nullopt);
  if (opened) return opened;
  auto rest = SqliteRest::of(path);
  return rest ? open(path, sections, rest) : std::move(opened);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path, std::size_t sections,
                                                                 std::optional<SqliteRest> rest) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, sections));
  connection->rest_ = rest;
  constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  const auto name = rest ? "file:" + percent_encoded(path) + "?immutable=1" : path;
  int code = sqlite3_open_v2(name.c_str(), &connection->database_, flags | (rest ? SQLITE_OPEN_URI : 0), nullptr);
  if (code == SQLITE_OK) code = connection->harden();
  if (code != SQLITE_OK) return connection->open_failure(code);

  struct stat status {};

  if (::stat(path.c_str(), &status) == 0) {
    connection->device_ = status.st_dev;
    connection->inode_ = status.st_ino;
  }
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close_v2(database_);
}

int SqliteConnection::harden() {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(database_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database_, SQLITE_LIMIT_LENGTH, 16 * static_cast<int>(kMaxBytes));
  int code = sqlite3_exec(database_, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) code = sqlite3_exec(database_, "SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr);
  if (code == SQLITE_BUSY) code = SQLITE_OK; // a writer holds it: whoever asks waits until his deadline
  if (code == SQLITE_OK) code = sqlite3_set_authorizer(database_, authorize, nullptr);
  return code;
}

Failure SqliteConnection::open_failure(int code) const {
  if (::access(path_.c_str(), F_OK) == 0 && ::access(path_.c_str(), R_OK) != 0)
    return {Status::upstream_unauthorized,
            "the database file may not be read: give the user that the connector runs as the right to"};
  if (auto words = hindrance(path_); !words.empty())
    return {Status::unreachable, "the database file can't be opened: " + words};
  if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_IOERR)
    return {Status::unreachable, std::string("the database file can't be opened (") + sqlite3_errstr(code) + ")"};
  return {Status::upstream_failed, std::string("the database file can't be used: ") + sqlite3_errstr(code)};
}

bool SqliteConnection::still_there() const {
  if (rest_) return rest_->lasts(path_);

  struct stat status {};

  return ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
}

Result<sqlite3_stmt*> SqliteConnection::prepare(std::size_t section, const Query& query) {
  auto& kept = statements_[section];
  if (kept) return kept.get();
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(database_, query.text.data(), static_cast<int>(query.text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, &rest);
  std::unique_ptr<sqlite3_stmt, Finalize> statement(made);
  if ((code & 0xff) == SQLITE_BUSY) return Failure{Status::timeout, "the database is locked by a writer"};
  if (code == SQLITE_AUTH) return Failure{Status::upstream_failed, "the query does more than read, which is refused"};
  if (code != SQLITE_OK) {
    const int at = sqlite3_error_offset(database_);
    const std::string where = at >= 0 ? query.place(static_cast<std::size_t>(at)) + ": " : "";
    return Failure{Status::upstream_failed, where + sqlite3_errmsg(database_)};
  }
  if (!statement || !nothing_follows(database_, rest))
    return Failure{Status::upstream_failed, query.place(static_cast<std::size_t>(rest - query.text.data())) +
                                                ": one statement is all a section may have"};
  if (sqlite3_stmt_readonly(statement.get()) == 0)
    return Failure{Status::upstream_failed, "the query writes, which is refused"};
  kept = std::move(statement);
  return kept.get();
}

Result<std::vector<std::string>> SqliteConnection::columns(std::size_t section, const Query& query) {
  auto statement = prepare(section, query);
  if (!statement) return statement.failure();
  return column_names(*statement);
}

Failure SqliteConnection::failure(int code, const Ask& ask) const {
  if (ask.stop.stop_requested()) return {Status::cancelled, "the hub no longer waits"};
  switch (code & 0xff) {
  case SQLITE_INTERRUPT:
    return {Status::timeout, "the query took too long and was interrupted"};
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return {Status::timeout, "the database is locked by a writer"};
  case SQLITE_TOOBIG:
    return {Status::too_large, "a value is over the limit"};
  case SQLITE_CANTOPEN:
    return {Status::unreachable, "the database file can't be opened"};
  default:
    break; // errmsg might quote a value; the code's own text does not
  }
  return {Status::upstream_failed, std::string(sqlite3_errstr(code)) + " (SQLite " + std::to_string(code) + ")"};
}

Result<Table> SqliteConnection::ask(const Ask& ask, const Query& query) {
  const Watch watch(database_, ask);
  auto prepared = prepare(ask.section, query);
  if (!prepared) return prepared.failure();
  auto* statement = *prepared;
  const Rewind rewind{statement};
  for (std::size_t i = 0; i < ask.values.size(); ++i)
    if (int code = bind(statement, static_cast<int>(i) + 1, ask.values[i]); code != SQLITE_OK)
      return failure(code, ask);
  Table table;
  std::size_t rows = 0, bytes = 0;
  int code = SQLITE_DONE;
  while (!over(ask) && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (++rows > kMaxRows) return Failure{Status::too_large, "more than 10,000 rows: give the query a LIMIT"};
    if (table.rows.size() >= ask.keep_rows) break;
    Row row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i)
      bytes += row.emplace_back(read_cell(statement, i)).text.size();
    table.rows.push_back(std::move(row));
    if (bytes > kMaxBytes) return Failure{Status::too_large, "more than 1 MiB: give the query a LIMIT"};
  }
  if (over(ask)) return failure(SQLITE_INTERRUPT, ask);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return failure(code, ask);
  table.columns = column_names(statement); // after the first step: it may have been prepared anew
  return table;
}

} // namespace plugboard::sql
