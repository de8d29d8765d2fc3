// How slow the machine itself is meanwhile: a thread that does the same small piece of work again and again, and how
// long that took. What the hub's answers took is judged beside it. [owner's thread, but for its own]
#pragma once

#include "tests/bench/load.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace plugboard::bench {

class Control {
 public:
  Control();
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  Latencies take(); // since it was last asked

 private:
  void work();

  std::atomic<bool> over_ = false;
  std::mutex mutex_;
  Latencies took_; // guarded by mutex_
  std::thread thread_;
};

} // namespace plugboard::bench
