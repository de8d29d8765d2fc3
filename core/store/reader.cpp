#include "core/store/reader.hpp"

#include <exception>
#include <utility>

namespace plugboard::store {

Reader::Reader(std::unique_ptr<SqliteConnection> connection, std::size_t queue, Log& log)
    : connection_(std::move(connection)), log_(log), queue_(queue), thread_([this] { run(); }) {}

Reader::~Reader() {
  queue_.close();
  thread_.join();
}

void Reader::run() {
  for (bool closed = false; !closed;) {
    try {
      serve();
      closed = true;
    } catch (const std::exception& error) { // a job's bug, or no memory: only this one read is lost
      log_.error("store.read_threw", {{"reason", error.what()}});
      connection_->rest();
      connection_->roll_back();
      current_.finish(Error{Code::internal, "out of memory?", {}}); // short: it needs no memory itself
    }
  }
}

void Reader::serve() {
  for (auto taken = queue_.take(1); !taken.empty(); taken = queue_.take(1)) {
    current_ = std::move(taken.front());
    current_.finish(run_job(current_.job));
  }
}

Result<void> Reader::run_job(const Database::Job& job) {
  if (const auto begun = connection_->run("BEGIN"); !begun) return begun.error();
  Result<void> outcome = job(*connection_);
  connection_->rest();
  connection_->roll_back(); // nothing was written
  return outcome;
}

} // namespace plugboard::store
