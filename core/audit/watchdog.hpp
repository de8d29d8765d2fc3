// The thread that looks whether the recorder hangs in the disk: who has waited too long is told, and from then on
// everybody at once, until the disk answers.
#pragma once

#include "core/audit/waiting.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace plugboard::audit {

class Watchdog {
 public:
  Watchdog(Waiting& waiting, Log& log, Metrics& metrics);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void run(); // the thread's root
  void look();
  bool is_over(); // waits until it is time to look again

  Waiting& waiting_;
  Log& log_;
  Counter& hangs_;
  Gauge& failing_;
  std::mutex mutex_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace plugboard::audit
