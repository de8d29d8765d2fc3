#include "core/audit/watchdog.hpp"

#include <exception>

namespace plugboard::audit {

Watchdog::Watchdog(Waiting& waiting, Log& log, Metrics& metrics)
    : waiting_(waiting), log_(log),
      hangs_(
          metrics.counter("plugboard_audit_hangs_total", "Times that the audit trail's disk did not answer in time.")),
      failing_(metrics.gauge("plugboard_audit_failing", "1: nothing can be put on record, so nothing is shown.")),
      thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopping_changed_.notify_all();
  thread_.join();
}

void Watchdog::run() {
  while (!is_over()) {
    try {
      look();
    } catch (const std::exception& error) { // no memory: at the next look
      log_.warn("audit.watch_threw", {{"reason", error.what()}});
    }
  }
}

void Watchdog::look() {
  if (!waiting_.refuse_late() || waiting_.fails()) return;
  failing_.set(1);
  hangs_.add();
  log_.error("audit.hangs", {{"meaning", "nothing is shown, nothing is changed until the disk answers"}});
  waiting_.fail();
}

bool Watchdog::is_over() {
  std::unique_lock lock(mutex_);
  if (!stopping_) stopping_changed_.wait_for(lock, std::chrono::milliseconds(50));
  return stopping_;
}

} // namespace plugboard::audit
