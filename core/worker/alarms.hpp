// Pauses that the plugin asked for and the hub waits for: whom to tell when one is over. [any thread]
#pragma once

#include "core/worker/outbox.hpp"

#include <plugboard/host_clock.h>

#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace plugboard::worker {

class Alarms {
 public:
  using When = void (*)(void* user, std::int32_t outcome);

  explicit Alarms(Outbox& outbox) : outbox_(outbox) {}

  std::int32_t set(plugboard_call* call, std::int64_t after_ns, void* user, When when);
  void over(std::uint64_t alarm, std::int32_t outcome); // [the loop's thread]

 private:
  struct Waiting {
    void* user = nullptr;
    When when = nullptr;
  };

  Outbox& outbox_;
  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::unordered_map<std::uint64_t, Waiting> waiting_;
};

} // namespace plugboard::worker
