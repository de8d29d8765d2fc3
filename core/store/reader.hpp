// The one thread that reads, on a connection of its own that cannot write. Each job sees one snapshot; what was
// acknowledged before it began is in it.
#pragma once

#include "core/store/sqlite_connection.hpp"
#include "core/store/work_queue.hpp"

#include <thread>

namespace plugboard::store {

class Reader {
 public:
  Reader(std::unique_ptr<SqliteConnection> connection, std::size_t queue, Log& log);
  ~Reader(); // finishes what was accepted
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void submit(Work work) { queue_.push(std::move(work)); } // [any thread]

 private:
  void run(); // the thread's root
  void serve();
  Result<void> run_job(const Database::Job& job);

  std::unique_ptr<SqliteConnection> connection_;
  Log& log_;
  WorkQueue queue_;
  Work current_; // taken and not told yet
  std::thread thread_;
};

} // namespace plugboard::store
