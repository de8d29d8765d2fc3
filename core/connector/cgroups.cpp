#include "core/connector/cgroups.hpp"

#include "core/base/names_in.hpp"
#include "core/connector/cgroup_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace plugboard::connector {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "plugboard-worker-";
constexpr std::uint32_t kBesideThreads = 2; // the launcher, and the first process of the pid namespace

// Microseconds in which a share of the processor is counted: short, so that one with many threads does not hold all
// cores for long at a time; the kernel takes no share below one millisecond.
constexpr std::uint64_t kPeriod = 10'000, kLongestPeriod = 100'000, kLeastShare = 1'000;

struct Setting {
  std::string_view controller, file;
  std::string value;
};

std::vector<Setting> settings_for(const wire::Limits& limits, bool unified) {
  std::vector<Setting> settings;
  if (limits.memory_bytes > 0)
    settings.push_back(
        {"memory", unified ? "memory.max" : "memory.limit_in_bytes", std::to_string(limits.memory_bytes)});
  if (limits.threads > 0) settings.push_back({"pids", "pids.max", std::to_string(limits.threads + kBesideThreads)});
  if (limits.cpu_percent == 0) return settings;
  const std::uint64_t in = std::clamp(kLeastShare * 100 / limits.cpu_percent, kPeriod, kLongestPeriod);
  const std::string quota = std::to_string(limits.cpu_percent * in / 100), period = std::to_string(in);
  if (unified) {
    settings.push_back({"cpu", "cpu.max", quota + " " + period});
  } else {
    settings.push_back({"cpu", "cpu.cfs_period_us", period});
    settings.push_back({"cpu", "cpu.cfs_quota_us", quota});
  }
  return settings;
}

std::string apply(const std::vector<Setting>& settings, const std::vector<CgroupPlace>& places,
                  const std::vector<std::string>& folders) {
  for (const Setting& setting : settings) {
    const auto place = std::find_if(places.begin(), places.end(), [&](const CgroupPlace& one) {
      return has_word(one.controllers, setting.controller);
    });
    if (place == places.end()) return "no control group here limits " + std::string(setting.controller);
    const std::string& folder = folders[static_cast<std::size_t>(place - places.begin())];
    auto why = write_cgroup_file(folder + "/" + std::string(setting.file), setting.value);
    if (!why.empty()) return why;
  }
  return "";
}

} // namespace

Cgroups::Cgroups(std::string_view mounts, std::string_view own, std::int64_t pid) : pid_(pid) {
  CgroupMounts found = read_cgroup_mounts(mounts, own);
  if (found.unified) {
    const auto controllers = read_cgroup_file(found.unified->folder + "/cgroup.controllers");
    found.unified->controllers = " " + controllers.value_or("");
    std::replace(found.unified->controllers.begin(), found.unified->controllers.end(), '\n', ' ');
    if (has_word(found.unified->controllers, "memory")) {
      prepare_unified(*std::move(found.unified));
      return;
    }
  }
  for (CgroupPlace& place : found.first)
    if (has_word(place.controllers, "memory") || has_word(place.controllers, "pids") ||
        has_word(place.controllers, "cpu") || has_word(place.controllers, "cpuacct"))
      places_.push_back(std::move(place));
  if (places_.empty()) why_none_ = "this machine shows the hub no control groups of memory";
  sweep_strangers();
}

// Groups with limits may stand only below a group without processes of its own, unless that is the machine's first.
void Cgroups::prepare_unified(CgroupPlace place) {
  unified_ = true;
  const std::string processes = "/cgroup.procs";
  if (fs::exists(place.folder + "/cgroup.type")) { // the first has none
    why_none_ = own_alone(place);
    const std::string leaf = place.folder + "/hub";
    if (why_none_.empty() && ::mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST)
      why_none_ = leaf + " cannot be made: " + std::generic_category().message(errno);
    if (why_none_.empty()) why_none_ = write_cgroup_file(leaf + processes, std::to_string(pid_));
  }
  for (const std::string_view controller : {"memory", "pids", "cpu"}) {
    if (!why_none_.empty() || !has_word(place.controllers, controller)) continue;
    why_none_ = write_cgroup_file(place.folder + "/cgroup.subtree_control", "+" + std::string(controller));
  }
  places_ = {std::move(place)};
  sweep_strangers();
}

std::string Cgroups::own_alone(const CgroupPlace& place) const {
  const auto there = read_cgroup_file(place.folder + "/cgroup.procs");
  if (there == std::to_string(pid_) + "\n") return "";
  return "the hub's control group " + place.folder +
         " was not given to it alone; start the hub as a service of its own, by systemd with Delegate=yes";
}

// What hubs that were killed have left. That of a living one is let be: its worker may be about to join.
void Cgroups::sweep_strangers() const {
  for (const CgroupPlace& place : places_) {
    const auto names = names_in(place.folder);
    if (!names) continue;
    for (const auto& name : *names) {
      if (!name.starts_with(kPrefix)) continue;
      const int hub = std::atoi(name.c_str() + kPrefix.size());
      if (hub > 0 && ::kill(hub, 0) != 0 && errno == ESRCH)
        ::rmdir((place.folder + "/" + name).c_str()); // fails if in use
    }
  }
}

// Those whose last process had not quite gone when their owner went.
void Cgroups::sweep_own() {
  std::erase_if(made_, [](const Made& made) {
    if (!made.group.expired()) return false;
    for (const std::string& folder : made.folders)
      if (::rmdir(folder.c_str()) != 0 && errno != ENOENT) return false;
    return true;
  });
}

Result<std::shared_ptr<Cgroup>> Cgroups::make(std::string_view name, const wire::Limits& limits) {
  if (!why_none_.empty()) return fail(Code::unavailable, why_none_);
  sweep_own();
  const std::string folder = std::string(kPrefix) + std::to_string(pid_) + "-" + std::string(name) + "-";
  std::vector<std::string> folders;
  std::string processor;
  for (const CgroupPlace& place : places_) {
    folders.push_back(place.folder + "/" + folder + std::to_string(number_));
    if (has_word(place.controllers, "cpu")) processor = folders.back();
  }
  ++number_;
  const auto group =
      std::make_shared<Cgroup>(folders, unified_, processor); // removes what there is when the rest fails
  made_.push_back({group, folders});
  for (const std::string& path : folders)
    if (::mkdir(path.c_str(), 0755) != 0)
      return fail(Code::unavailable,
                  "the control group " + path + " cannot be made: " + std::generic_category().message(errno));
  if (auto why = apply(settings_for(limits, unified_), places_, folders); !why.empty())
    return fail(Code::unavailable, std::move(why));
  group->give_way(false);
  return group;
}

} // namespace plugboard::connector
