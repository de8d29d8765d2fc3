// The host's clock, which moves only when the test moves it. [any thread]
#pragma once

#include <plugboard/host_clock.h>
#include <plugboard/types.hpp>

#include <map>
#include <mutex>

namespace plugboard::testkit {

class FakeClock {
 public:
  using When = void (*)(void* user, std::int32_t outcome);

  std::chrono::nanoseconds monotonic() const {
    std::lock_guard lock(mutex_);
    return now_;
  }

  std::chrono::nanoseconds wall() const { return monotonic() - kStart + kBegin; }

  // Time goes on: what waited for it runs on this thread, in order, each at its own time.
  void advance(std::chrono::nanoseconds by) {
    const auto until = monotonic() + by;
    for (;;) {
      Alarm due;
      {
        std::lock_guard lock(mutex_);
        auto first = alarms_.begin();
        if (first == alarms_.end() || first->first > until) {
          now_ = until;
          return;
        }
        now_ = first->first;
        due = first->second;
        alarms_.erase(first);
      }
      due.when(due.user, PLUGBOARD_OK);
    }
  }

  // How many wait.
  std::size_t waiting() const {
    std::lock_guard lock(mutex_);
    return alarms_.size();
  }

  // What a hub does when it no longer waits: the call's alarms end as cancelled. Null: all of them.
  void cancel(plugboard_call* call) {
    for (;;) {
      Alarm ended;
      {
        std::lock_guard lock(mutex_);
        auto found = alarms_.begin();
        while (found != alarms_.end() && call && found->second.call != call) ++found;
        if (found == alarms_.end()) return;
        ended = found->second;
        alarms_.erase(found);
      }
      ended.when(ended.user, PLUGBOARD_CANCELLED);
    }
  }

  std::int32_t after(plugboard_call* call, std::int64_t after_ns, void* user, When when) {
    {
      std::lock_guard lock(mutex_);
      if (after_ns > 0) {
        alarms_.emplace(now_ + std::chrono::nanoseconds(after_ns), Alarm{call, user, when});
        return PLUGBOARD_OK;
      }
    }
    when(user, PLUGBOARD_OK);
    return PLUGBOARD_OK;
  }

 private:
  struct Alarm {
    plugboard_call* call = nullptr;
    void* user = nullptr;
    When when = nullptr;
  };

  static constexpr std::chrono::hours kStart{1};               // after boot
  static constexpr std::chrono::seconds kBegin{1'767'225'600}; // 2026-01-01T00:00:00Z

  mutable std::mutex mutex_;
  std::chrono::nanoseconds now_ = kStart;
  std::multimap<std::chrono::nanoseconds, Alarm> alarms_;
};

} // namespace plugboard::testkit
