// The control group of one worker: what it may take of memory, processes and processor is counted and limited by the
// kernel for all of the worker's processes together. Owned by whoever runs the worker.
// [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/wire/launch.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

struct CgroupUse { // none: not counted here
  std::optional<std::uint64_t> memory_bytes;
  std::optional<Duration> processor;
};

class Cgroup {
 public:
  // processor: the one of the folders where its share of that is set; "": none.
  Cgroup(std::vector<std::string> folders, bool unified, std::string processor = "")
      : folders_(std::move(folders)), unified_(unified), processor_(std::move(processor)) {}

  ~Cgroup(); // removed, unless somebody is still in it; then Cgroups does so later
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  const std::vector<std::string>& folders() const { return folders_; } // for Launch::cgroups

  CgroupUse use() const;
  Duration processor() const; // that all its processes have taken; zero: not counted here. Cheap: asked all the time

  // From now on it runs only when nobody else wants to; false: as workers do, after the hub but among each other alike.
  // Where the kernel gives no such choice nothing happens.
  void give_way(bool to_all) const;

  // Which limit the worker has run into, since there is this group: "memory" (and was killed for it), "threads", or "".
  std::string_view limit_hit() const;

 private:
  int open_usage() const;
  std::uint64_t counted(std::string_view file, std::string_view key) const;

  const std::vector<std::string> folders_; // one a hierarchy; unified: one for all
  const bool unified_;
  const std::string processor_;
  mutable std::atomic<bool> idle_{false};
  mutable std::mutex mutex_;
  mutable int usage_ = -1; // a descriptor, under the mutex: where the time on the processor is read
};

} // namespace plugboard::connector
