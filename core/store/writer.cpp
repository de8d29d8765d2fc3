#include "core/store/writer.hpp"

#include <exception>
#include <utility>

namespace plugboard::store {
namespace {

constexpr std::size_t kLargestGroup = 1024; // keeps the wait of the first in a group short

} // namespace

Writer::Writer(std::unique_ptr<SqliteConnection> connection, const Database::Options& options, Log& log,
               Metrics& metrics)
    : connection_(std::move(connection)), checkpoint_pages_(options.checkpoint_pages), clock_(options.clock), log_(log),
      commits_(metrics.counter("plugboard_store_commits_total", "Groups of writes that are on disk.")),
      jobs_(metrics.counter("plugboard_store_committed_jobs_total", "Writes in those groups.")),
      failures_(metrics.counter("plugboard_store_commit_failures_total", "Groups of writes that failed as a whole.")),
      seconds_(metrics.histogram("plugboard_store_commit_seconds", "From the first job of a group to its flush.")),
      stopped_gauge_(metrics.gauge("plugboard_store_stopped", "1: nothing is written until the hub is restarted.")),
      queue_(options.queue), thread_([this] { run(); }) {}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

void Writer::run() {
  for (bool closed = false; !closed;) {
    try {
      serve();
      closed = true;
    } catch (const std::exception& error) { // a job's bug, or no memory
      recover(error.what());
    }
  }
}

void Writer::serve() {
  for (group_ = queue_.take(kLargestGroup); !group_.empty(); group_ = queue_.take(kLargestGroup)) {
    if (stopped_) {
      tell_all(fail(Code::unavailable, "the disk failed; nothing is written until the hub is restarted", "store"));
    } else {
      commit_group();
    }
  }
}

// Nothing throws between a commit and its telling, so what is left here was not committed: undone, or the disk's fault.
// Needs no memory.
void Writer::recover(const char* why) {
  failures_.add();
  const Fault fault = connection_->fault();
  connection_->rest();
  if (!connection_->roll_back() || fault == Fault::disk || fault == Fault::damage) stop(why);
  log_.error("store.write_threw", {{"reason", why}, {"jobs", group_.size()}});
  std::vector<Work> group = std::exchange(group_, {});
  for (Work& work : group) finish(work, Error{Code::internal, "out of memory?", {}});
}

void Writer::commit_group() {
  const Instant begun = clock_ != nullptr ? clock_->now() : Instant();
  connection_->forget_fault();
  const auto outcomes = run_group();
  if (!outcomes) {
    failures_.add();
    const Fault fault = connection_->fault();
    if (!connection_->roll_back() || fault == Fault::disk || fault == Fault::damage) {
      stop(outcomes.error().message);
    } else {
      log_.warn("store.commit_failed", {{"reason", outcomes.error().message}, {"jobs", group_.size()}});
    }
    return tell_all(outcomes.error());
  }
  commits_.add();
  jobs_.add(static_cast<double>(group_.size()));
  if (clock_ != nullptr) seconds_.observe(milliseconds(clock_->now() - begun) / 1000);
  tell(std::move(*outcomes));
  if (connection_->wal_pages() >= checkpoint_pages_) bring_home();
}

Result<Writer::Outcomes> Writer::run_group() {
  if (const auto begun = connection_->run("BEGIN IMMEDIATE"); !begun) return begun.error();
  Outcomes outcomes;
  for (const Work& work : group_) {
    if (const auto ran = run_job(work.job, outcomes); !ran) return ran.error();
  }
  if (const auto committed = connection_->run("COMMIT"); !committed) return committed.error();
  return outcomes;
}

Result<void> Writer::run_job(const Database::Job& job, Outcomes& outcomes) {
  if (const auto saved = connection_->run("SAVEPOINT job"); !saved) return saved;
  Result<void> outcome = job(*connection_);
  connection_->rest();
  if (!connection_->in_transaction()) { // SQLite rolled all of it back: the disk is full or failed
    return outcome ? fail(Code::io, "the transaction was lost", "store") : outcome;
  }
  if (!outcome) {
    if (const auto undone = connection_->run("ROLLBACK TO job"); !undone) return undone;
  }
  outcomes.push_back(std::move(outcome));
  return connection_->run("RELEASE job");
}

void Writer::tell(Outcomes outcomes) {
  std::vector<Work> group = std::exchange(group_, {});
  for (std::size_t i = 0; i < group.size(); ++i) finish(group[i], std::move(outcomes[i]));
}

void Writer::tell_all(const Error& error) {
  Outcomes copies(group_.size(), error); // may throw, while the group is still there to be told so
  tell(std::move(copies));
}

// One answer that throws, on this thread, keeps no other from being told.
void Writer::finish(Work& work, Result<void> outcome) {
  try {
    work.finish(std::move(outcome));
  } catch (const std::exception& error) {
    log_.error("store.answer_threw", {{"reason", error.what()}});
  }
}

// SQLite's own automatic checkpoint swallows a failed fsync and would take a later one for success; so it is off.
void Writer::bring_home() {
  connection_->forget_fault();
  const auto done = connection_->checkpoint();
  if (done) return;
  if (const Fault fault = connection_->fault(); fault == Fault::full || fault == Fault::memory) {
    log_.warn("store.checkpoint_failed", {{"reason", done.error().message}});
  } else {
    stop(done.error().message);
  }
}

void Writer::stop(std::string_view why) {
  stopped_ = true;
  stopped_gauge_.set(1);
  connection_->keep_wal_on_close();
  log_.error("store.stopped_writing", {{"reason", why}, {"remedy", "mend the disk, then restart the hub"}});
}

} // namespace plugboard::store
