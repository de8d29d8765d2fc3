#include "core/store/database.hpp"

#include "core/store/file_lock.hpp"
#include "core/store/open_store.hpp"
#include "core/store/reader.hpp"
#include "core/store/writer.hpp"

#include <future>
#include <utility>

namespace plugboard::store {
namespace {

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(FileLock lock, OpenedStore opened, const Options& options, Log& log, Metrics& metrics)
      : lock_(std::move(lock)), schema_version_(opened.schema_version),
        writer_(std::move(opened.writer), options, log, metrics),
        reader_(std::move(opened.reader), options.queue, log) {}

  void write(Job job, Poster back, Done done) override {
    writer_.submit({std::move(job), std::move(back), std::move(done)});
  }

  void read(Job job, Poster back, Done done) override {
    reader_.submit({std::move(job), std::move(back), std::move(done)});
  }

  Result<void> write_now(Job job) override {
    std::promise<Result<void>> told;
    write(std::move(job), {}, [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    return told.get_future().get();
  }

  Result<void> read_now(Job job) override {
    std::promise<Result<void>> told;
    read(std::move(job), {}, [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
    return told.get_future().get();
  }

  int schema_version() const override { return schema_version_; }

  bool writes() const override { return !writer_.stopped(); }

 private:
  FileLock lock_; // goes last: until both threads are done the file is ours
  int schema_version_;
  Writer writer_;
  Reader reader_; // goes first: the writer's connection, closed last, brings the log home
};

} // namespace

Result<std::unique_ptr<Database>> Database::open(const Options& options, Log& log, Metrics& metrics) {
  auto lock = FileLock::take(options.path + ".lock");
  if (!lock) return lock.error();
  auto opened = open_store(options, migrations(), log);
  if (!opened) return opened.error();
  return std::unique_ptr<Database>(
      std::make_unique<SqliteDatabase>(std::move(*lock), std::move(*opened), options, log, metrics));
}

} // namespace plugboard::store
