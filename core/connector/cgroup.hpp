// The control group of one worker: what it may take of memory, processes and processor is counted and limited by the
// kernel for all of the worker's processes together. Owned by whoever runs the worker. [one thread at a time]
#pragma once

#include "core/base/clock.hpp"
#include "core/wire/launch.hpp"

#include <cstdint>
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
  Cgroup(std::vector<std::string> folders, bool unified) : folders_(std::move(folders)), unified_(unified) {}

  ~Cgroup(); // removed, unless somebody is still in it; then Cgroups does so later
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  const std::vector<std::string>& folders() const { return folders_; } // for Launch::cgroups

  CgroupUse use() const;

  // Which limit the worker has run into, since there is this group: "memory" (and was killed for it), "threads", or "".
  std::string_view limit_hit() const;

 private:
  std::uint64_t counted(std::string_view file, std::string_view key) const;

  const std::vector<std::string> folders_; // one a hierarchy; unified: one for all
  const bool unified_;
};

} // namespace plugboard::connector
