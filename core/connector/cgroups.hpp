// Where the hub may make control groups for its workers: in the unified hierarchy, below its own group, if that was
// given to it; else in those of the first version. Found once, at the start; owned by the Hub. [make: one thread at a
// time]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/cgroup.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

struct CgroupPlace {       // of one hierarchy
  std::string folder;      // the hub's own group there
  std::string controllers; // " memory pids "; those that it counts and limits
};

class Cgroups {
 public:
  // mounts, own: of /proc/self/mountinfo and /proc/self/cgroup. pid: the hub's, which is moved into a group `hub` below
  // its own where the unified hierarchy allows no process beside groups with limits.
  Cgroups(std::string_view mounts, std::string_view own, std::int64_t pid);

  const std::string& why_none() const { return why_none_; } // not empty: make() will not succeed

  // name: of the connector. limits: those of 0 are not set.
  Result<std::shared_ptr<Cgroup>> make(std::string_view name, const wire::Limits& limits);

 private:
  void prepare_unified(CgroupPlace place);
  std::string own_alone(const CgroupPlace& place) const;
  void sweep_strangers() const;
  void sweep_own();

  struct Made {
    std::weak_ptr<Cgroup> group;
    std::vector<std::string> folders;
  };

  const std::int64_t pid_;
  std::vector<CgroupPlace> places_;
  bool unified_ = false;
  std::uint64_t number_ = 0;
  std::vector<Made> made_; // and not known to be removed
  std::string why_none_;
};

} // namespace plugboard::connector
