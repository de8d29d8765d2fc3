// What is known of one connector's workers, one after the other: what people see of them, as a state and as metrics,
// and the control group of the one that is there now. Owned by the keeper. [now, missing, became: any thread; the rest:
// the keeper's home]
#pragma once

#include "core/connector/cgroup.hpp"
#include "core/connector/connector.hpp"
#include "core/connector/level.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

class WorkerRecord {
 public:
  WorkerRecord(const Settings& settings, Workers& workers, Metrics& metrics); // all of them outlive it
  WorkerRecord(const WorkerRecord&) = delete;
  WorkerRecord& operator=(const WorkerRecord&) = delete;

  Containment now() const;
  WorkerState state() const;
  std::string missing() const; // of the last that came up: "landlock (why); cgroup (why)"

  void became(WorkerState state);
  void launching();                                                      // one more
  void join(wire::Launch& order, Result<std::shared_ptr<Cgroup>> group); // that was made for it, or why there is none
  void launched(std::uint32_t pid, std::vector<wire::LayerState> layers);
  void greeted(const std::vector<wire::LayerState>& layers, std::string_view profile);

  void watch(); // from now on, how much of the processor it takes

  void answered() { // a call
    if (watched_ != nullptr) watched_->answered();
  }

  // What it takes now. Not empty: it must be killed for that.
  std::string measure();

  // how: as the system says; why_killed: by the hub, if it was. counts: nobody had told it to stop. Returns it in
  // words.
  std::string ended(const std::string& how, const std::string& why_killed, WallTime at, bool counts);

 private:
  enum class Kind : std::uint8_t { crash = 1, killed, limit };

  struct Hits { // of limits
    Counter& memory;
    Counter& threads;
  };

  std::string memory_limit() const;
  void leave_group();
  void spent(Duration cpu);
  std::string_view note_limit();
  std::uint64_t& count_of(Kind kind);

  const Settings& settings_;
  Workers& workers_;
  Counter& starts_;
  std::array<Counter*, 4> exits_{}; // by kind
  Hits hits_;
  Counter& cpu_seconds_;
  Counter& gave_way_;
  Level up_, resident_, present_, missing_;

  // [the home's thread]
  std::shared_ptr<Cgroup> group_;
  std::shared_ptr<Hogs::Worker> watched_;
  Duration counted_{};       // of this worker's time on the processor
  bool noted_limit_ = false; // this worker's
  bool over_memory_ = false;
  std::vector<wire::LayerState> layers_; // of the one that comes up

  mutable std::mutex mutex_;
  Containment shown_;
};

} // namespace plugboard::connector
