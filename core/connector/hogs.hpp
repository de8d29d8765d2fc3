// Workers that hold the processor give way: one that took most of a core since the last look, and did not answer call
// after call meanwhile, runs only when nobody else wants to, until some looks in a row see it take little. So a plugin
// that computes for long costs the others little even where no core is to spare; what it does is done all the same.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/metrics.hpp"
#include "core/connector/cgroup.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace plugboard::connector {

class Hogs {
 public:
  class Worker { // one that is watched, for as long as there is this
   public:
    Worker(std::shared_ptr<Cgroup> group, Counter& gave_way) : group_(std::move(group)), gave_way_(gave_way) {}

    void answered() { answered_.fetch_add(1, std::memory_order_relaxed); } // [any thread]

   private:
    friend class Hogs;

    const std::shared_ptr<Cgroup> group_;
    Counter& gave_way_;
    std::atomic<std::uint32_t> answered_{0}; // since the last look
    Duration spent_{};                       // at the last look; what follows: [the looking thread]
    int calm_looks_ = 0;                     // in a row
    bool seen_ = false, gives_way_ = false;
  };

  explicit Hogs(const Clock& clock) : clock_(clock) {} // outlives it

  ~Hogs();
  Hogs(const Hogs&) = delete;
  Hogs& operator=(const Hogs&) = delete;

  void start(); // looks on a thread of its own from now on

  // At all that is watched. elapsed: since the last look. Returns how long until the next.
  Duration look(Duration elapsed);

  std::shared_ptr<Worker> watch(std::shared_ptr<Cgroup> group, Counter& gave_way); // [any thread]

 private:
  void look_on(const std::stop_token& over);
  Duration look_if_it_may(Duration elapsed);

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any came_;
  std::vector<std::weak_ptr<Worker>> watched_;
  std::jthread thread_;
};

} // namespace plugboard::connector
