// The files through which the kernel is asked for control groups, and the texts that say where they are. [any thread]
#pragma once

#include "core/connector/cgroups.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

std::optional<std::string> read_cgroup_file(const std::string& path);
std::string write_cgroup_file(const std::string& path, std::string_view text); // why not; empty: done

// " memory pids " and the like: is this word in it?
bool has_word(std::string_view words, std::string_view word);

struct CgroupMounts {
  std::optional<CgroupPlace> unified; // its controllers are not known yet
  std::vector<CgroupPlace> first;     // of the first version, each with its controllers
};

// Only those in which the hub's own group can be seen.
CgroupMounts read_cgroup_mounts(std::string_view mounts, std::string_view own);

} // namespace plugboard::connector
