#include "core/store/open_store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace plugboard::store {
namespace {

constexpr std::int64_t kApplicationId = 0x506C7567; // "Plug"

Error system_error(const std::string& doing, const std::string& path, const std::string& remedy) {
  return fail(Code::io, "cannot " + doing + " " + path + ": " + std::generic_category().message(errno) + remedy,
              "store");
}

// What SQLite said, with the file's name and what to do.
Error explained(const std::string& path, const SqliteConnection& connection, Error error) {
  switch (connection.fault()) {
  case Fault::damage:
    error.code = Code::malformed;
    error.message =
        path + " is damaged or no SQLite file (" + error.message +
        "); restore it from a backup, or move it away (with its -wal) to begin anew without its sessions and clients";
    break;
  case Fault::full:
    error.message = "no room on the disk for " + path + "; make room and start again";
    break;
  default:
    error.message = "cannot open " + path + ": " + error.message;
  }
  return error;
}

// SQLite would make it too, but open to whom the umask allows. Its logs take over the main file's mode.
Result<void> make_private_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
  } else if (errno != EEXIST) {
    return system_error("make", path, "; its folder must exist and be writable");
  }
  return {};
}

// By path: closing a descriptor of a file that SQLite has open would drop SQLite's locks.
Result<void> close_to_others(const std::string& path, Log& log) {
  for (const char* part : {"", "-wal", "-shm"}) {
    const std::string file = path + part;

    struct stat status {};

    if (::stat(file.c_str(), &status) != 0 || (status.st_mode & 0077) == 0) continue;
    if (::chmod(file.c_str(), 0600) != 0) return system_error("close to others", file, "; the hub must own it");
    log.warn("store.file_was_open_to_others", {{"path", file}, {"remedy", "its mode is 0600 now"}});
  }
  return {};
}

// SQLite flushes the folder for its logs, but not for a main file that somebody else made.
Result<void> flush_folder(const std::string& path) {
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_error("open the folder", folder, "");
  const bool flushed = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!flushed) return system_error("flush the folder", folder, "");
  return {};
}

Result<void> configure(SqliteConnection& connection) {
  connection.defend();
  return connection.run("PRAGMA busy_timeout = 5000;"
                        "PRAGMA foreign_keys = ON;"
                        "PRAGMA trusted_schema = OFF;"
                        "PRAGMA cell_size_check = ON;"
                        "PRAGMA secure_delete = ON;"
                        "PRAGMA temp_store = MEMORY;");
}

Result<void> make_ours(SqliteConnection& connection) {
  return connection.run("BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(kApplicationId) +
                        "; CREATE TABLE schema_version (number INTEGER PRIMARY KEY) STRICT; COMMIT;");
}

Result<void> refuse_foreign_or_damaged(SqliteConnection& connection, const std::string& path) {
  const auto pages = connection.first_integer("PRAGMA page_count");
  if (!pages) return explained(path, connection, pages.error());
  if (*pages == 0) {
    const auto made = make_ours(connection);
    if (!made) return explained(path, connection, made.error());
    return {};
  }
  const auto application = connection.first_integer("PRAGMA application_id");
  if (!application) return explained(path, connection, application.error());
  if (*application != kApplicationId) {
    return fail(Code::malformed,
                path + " is an SQLite database of another program; name another file for the hub's store", "store");
  }
  const auto check = connection.first_text("PRAGMA quick_check(1)");
  if (!check) return explained(path, connection, check.error());
  if (*check == "ok") return {};
  connection.failed(SQLITE_CORRUPT);
  return explained(path, connection, fail(Code::malformed, *check, "store"));
}

Result<void> use_wal(SqliteConnection& connection, const std::string& path, bool flush) {
  const auto mode = connection.first_text("PRAGMA journal_mode = WAL");
  if (!mode) return explained(path, connection, mode.error());
  if (*mode != "wal") {
    return fail(Code::io,
                path + " lies on a file system without shared memory, which the store needs; use a local disk",
                "store");
  }
  return connection.run(std::string("PRAGMA journal_size_limit = 67108864;") +
                        (flush ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;"));
}

Result<void> run_step(SqliteConnection& connection, const Migration& step) {
  const std::string number = std::to_string(step.number);
  auto done = connection.run("BEGIN IMMEDIATE;" + std::string(step.sql) + ";INSERT INTO schema_version VALUES (" +
                             number + "); COMMIT;");
  if (done) return done;
  Error error = done.error();
  if (connection.in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
  error.message = "step " + number + " of the store's schema failed, nothing of it is done: " + error.message;
  return error;
}

Result<int> migrate(SqliteConnection& connection, std::span<const Migration> steps, const std::string& path, Log& log) {
  const auto stored = connection.first_integer("SELECT coalesce(max(number), 0) FROM schema_version");
  if (!stored) return explained(path, connection, stored.error());
  const int newest = steps.empty() ? 0 : steps.back().number;
  if (*stored > newest) {
    return fail(Code::conflict,
                path + " was written by a newer hub (schema " + std::to_string(*stored) + ", this one knows " +
                    std::to_string(newest) + "); start the newer version, or restore a backup of before",
                "store");
  }
  for (const Migration& step : steps) {
    if (step.number <= *stored) continue;
    if (const auto done = run_step(connection, step); !done) return explained(path, connection, done.error());
    log.info("store.migrated", {{"path", path}, {"step", step.number}});
  }
  return newest;
}

// Where SQLite can't open a file for writing it quietly takes it for reading, for as long as it is open, if only the
// process was out of descriptors at that moment: every write would be refused until a restart.
Result<void> refuse_read_only(SqliteConnection& connection, const std::string& path) {
  const auto tried = connection.run("BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(kApplicationId) +
                                    "; ROLLBACK;"); // asks for all that a write needs, and writes nothing
  if (tried) return {};
  Error error = explained(path, connection, tried.error());
  error.message += "; the hub must be able to write it, its -wal and its -shm, and have descriptors left";
  return error;
}

Result<std::unique_ptr<SqliteConnection>> open_reader(const Database::Options& options) {
  auto reader = SqliteConnection::open(options.path, options.vfs);
  if (!reader) return reader.error();
  if (const auto done = configure(**reader); !done) return explained(options.path, **reader, done.error());
  const auto done = (*reader)->run("PRAGMA query_only = ON;");
  if (!done) return explained(options.path, **reader, done.error());
  (*reader)->keep_wal_on_close(); // bringing the log home is the writer's
  return reader;
}

} // namespace

Result<OpenedStore> open_store(const Database::Options& options, std::span<const Migration> steps, Log& log) {
  if (const auto made = make_private_file(options.path); !made) return made.error();
  if (const auto flushed = flush_folder(options.path); !flushed) return flushed.error();
  auto writer = SqliteConnection::open(options.path, options.vfs);
  if (!writer) return writer.error();
  SqliteConnection& connection = **writer;
  if (const auto done = configure(connection); !done) return explained(options.path, connection, done.error());
  if (const auto done = refuse_foreign_or_damaged(connection, options.path); !done) return done.error();
  if (const auto done = close_to_others(options.path, log); !done) return done.error();
  if (const auto done = use_wal(connection, options.path, options.flush); !done) return done.error();
  const auto version = migrate(connection, steps, options.path, log);
  if (!version) return version.error();
  if (const auto writable = refuse_read_only(connection, options.path); !writable) return writable.error();
  auto reader = open_reader(options);
  if (!reader) return reader.error();
  return OpenedStore{std::move(*writer), std::move(*reader), *version};
}

} // namespace plugboard::store
