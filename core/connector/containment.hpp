// How a connector's plugin is kept from the rest: what the operator asked for, and what became of it. Values.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/random.hpp"
#include "core/connector/cgroups.hpp"
#include "core/connector/hogs.hpp"
#include "core/wire/launch.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

enum class Isolation : std::uint8_t {
  in_process = 1, // the operator's word that this code is trusted
  worker,         // a process of its own, behind the walls that the machine gives
  require,        // the same, and no start with a wall missing
};

std::string_view name_of(Isolation isolation);

// Where workers come from and how they are kept; one for the whole hub. [any thread]
struct Workers {
  Workers(std::string worker_program, std::vector<wire::Layer> left_out, Random& source, bool root)
      : program(std::move(worker_program)), without(std::move(left_out)), random(source), as_root(root) {}

  ~Workers(); // what is still to be done is done first

  std::string program;              // plugboard-worker, absolute
  std::vector<wire::Layer> without; // left out by the operator
  Random& random;                   // outlives all connectors
  bool as_root = false;             // each worker gets a user of its own
  std::atomic<std::uint32_t> started = 0;

  std::uint32_t next_user(); // 0: the hub's own

  void use_groups(Cgroups groups);                                                                    // [start-up]
  Result<std::shared_ptr<Cgroup>> make_group(std::string_view connector, const wire::Limits& limits); // may block

  void watch_hogs(const Clock& clock) { hogs_.emplace(clock).start(); } // [start-up] the clock outlives it

  // While it serves; null: nobody looks.
  std::shared_ptr<Hogs::Worker> watch(std::shared_ptr<Cgroup> group, Counter& gave_way);

  // The one thread for what the kernel may keep waiting, so that no I/O thread does. It lives as long as there can be
  // workers: the kernel ends a launcher when the thread ends that spawned it. work: throws nothing.
  void where_it_may_block(std::function<void()> work);

 private:
  std::mutex mutex_;
  std::optional<Cgroups> groups_;
  std::optional<Hogs> hogs_;
  boost::asio::thread_pool thread_{1};
};

struct Exit { // of a worker
  WallTime at{};
  std::string how; // "signal 11 (Segmentation fault)", "killed: it did not answer a health probe"
};

enum class WorkerState : std::uint8_t { none = 1, starting, up, waiting, breaker_open, stopped };

std::string_view name_of(WorkerState state);

struct Containment { // now
  Isolation isolation = Isolation::in_process;
  WorkerState state = WorkerState::none;
  std::vector<wire::LayerState> layers; // of the last worker that came up; empty in process
  std::string profile;                  // "standard"; "sanitizers" is weaker
  std::uint32_t pid = 0;                // 0: there is none now
  std::uint64_t starts = 0;
  std::uint64_t crashes = 0, killed = 0, at_limit = 0; // ended unasked: by themselves, by the hub, for what they took
  std::uint64_t resident_bytes = 0;
  std::uint64_t memory_bytes = 0; // that count to the limit
  Duration cpu{};                 // of this worker
  std::vector<Exit> last_exits;   // newest first, at most five
};

// "landlock (why not); cgroup (why not)"; empty: none is missing.
std::string missing_layers(const Containment& containment);

} // namespace plugboard::connector
