// The one thread that writes. Takes every job that waits, runs each in a savepoint of one transaction, commits, and
// only then tells all of them: one flush of the disk for many. After the disk failed once it writes no more until the
// next start: a second fsync may report success for what the first one lost.
#pragma once

#include "core/store/sqlite_connection.hpp"
#include "core/store/work_queue.hpp"

#include <atomic>
#include <thread>

namespace plugboard::store {

class Writer {
 public:
  Writer(std::unique_ptr<SqliteConnection> connection, const Database::Options& options, Log& log, Metrics& metrics);
  ~Writer(); // finishes what was accepted
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Work work) { queue_.push(std::move(work)); } // [any thread]

  bool stopped() const { return stopped_; } // [any thread] for good: the disk failed

 private:
  using Outcomes = std::vector<Result<void>>;

  void run();   // the thread's root
  void serve(); // until the queue closes
  void commit_group();
  Result<Outcomes> run_group();
  Result<void> run_job(const Database::Job& job, Outcomes& outcomes); // error: the transaction is lost
  void recover(const char* why);
  void tell(Outcomes outcomes);
  void tell_all(const Error& error);
  void finish(Work& work, Result<void> outcome);
  void bring_home();
  void stop(std::string_view why);

  std::unique_ptr<SqliteConnection> connection_;
  const int checkpoint_pages_;
  const Clock* clock_;
  Log& log_;
  Counter& commits_;
  Counter& jobs_;
  Counter& failures_;
  Histogram& seconds_;
  Gauge& stopped_gauge_;
  WorkQueue queue_;
  std::vector<Work> group_; // taken and not told yet
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

} // namespace plugboard::store
