// The embedded store: SQLite in WAL mode, synchronous=FULL. One writer thread commits what has gathered meanwhile as
// one group, one reader thread answers reads; nobody else touches the files. Numbered migrations run at open. A job
// runs on the store's thread; its outcome comes back by post() to the executor it names.
// sqlite3.h stays behind this header.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::store {

// One prepared statement, bound and stepped. Alive inside a job only. [the store's thread that runs the job]
class Statement {
 public:
  virtual ~Statement() = default;
  virtual Statement& bind(int index, std::string_view text) = 0; // from 1
  virtual Statement& bind(int index, std::int64_t value) = 0;
  virtual Statement& bind_null(int index) = 0;
  virtual Statement& bind_blob(int index, std::string_view bytes) = 0;
  virtual Result<bool> step() = 0;                     // true: a row is there
  virtual std::string_view text(int column) const = 0; // from 0; view until the next step; "" for NULL
  virtual std::int64_t integer(int column) const = 0;
  virtual bool is_null(int column) const = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;
  // Prepared once per connection and kept. sql: a string constant.
  virtual Result<Statement*> prepare(std::string_view sql) = 0;
  virtual std::int64_t changes() const = 0; // rows changed by the last statement
};

// How an outcome returns to the thread that asked: posts the function to that thread. Copyable, callable on any thread.
using Poster = std::function<void(std::function<void()>)>;

class Database {
 public:
  using Job = std::function<Result<void>(Connection&)>; // an error rolls back this job alone (savepoint)
  using Done = std::function<void(Result<void>)>;

  struct Options {
    std::string path;             // the file; its folder must exist; made with mode 0600
    std::size_t queue = 4096;     // jobs waiting at most; more are refused: overloaded
    int checkpoint_pages = 1000;  // the write-ahead log is brought home when it holds as many
    const Clock* clock = nullptr; // measures commits for the metrics; none: they are not timed
    std::string vfs;              // SQLite's VFS by its name, for tests whose disk fails; "": the system's
    bool flush = true;            // false only to show what flushing is worth: what was acknowledged can be lost
  };

  // Opens, checks, migrates. Error: io/malformed with path and remedy; conflict when another process has it, or when
  // it was written by a newer version.
  static Result<std::unique_ptr<Database>> open(const Options& options, Log& log, Metrics& metrics);
  virtual ~Database() = default; // finishes what was accepted

  // [any thread] `done` runs through `back` after the commit is on disk (write) or the job has run (read); without a
  // `back`, on the store's thread. An error of the job is what `done` gets; beside those: overloaded (the queue is
  // full), io (the disk is full, or failed), unavailable (the disk failed before: no write until the next start).
  virtual void write(Job job, Poster back, Done done) = 0;
  virtual void read(Job job, Poster back, Done done) = 0;
  // [start-up and tests only] runs the job on the caller's behalf and waits.
  virtual Result<void> write_now(Job job) = 0;
  virtual Result<void> read_now(Job job) = 0;
  virtual int schema_version() const = 0;
  virtual bool writes() const = 0; // [any thread] false: the disk failed, and no write is taken until the next start
};

} // namespace plugboard::store
