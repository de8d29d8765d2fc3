// plugboard.host.clock/1 on the bench: the machine's own time; a thread for each pause, which ends with it. [any
// thread]
#pragma once

#include <plugboard/host_clock.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace plugboard::conformance {

class BenchClock { // outlives the process's other threads: a Rig is kept for ever
 public:
  using When = void (*)(void* user, std::int32_t outcome);

  static std::int64_t monotonic_ns();
  static std::int64_t wall_ns();
  std::int32_t after(plugboard_call* call, std::int64_t after_ns, void* user, When when);
  void cancel(plugboard_call* call); // its pauses end as cancelled; null: all

 private:
  struct Pause {
    plugboard_call* call;
    void* user;
    When when;
  };

  using PausePtr = std::shared_ptr<const Pause>;

  bool take(const PausePtr& pause); // true: it is the caller's to tell
  void wait(const PausePtr& pause, std::int64_t after_ns);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PausePtr> waiting_;
};

} // namespace plugboard::conformance
