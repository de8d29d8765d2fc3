#include "core/worker/walls.hpp"

#include "core/worker/namespaces.hpp"
#include "core/worker/own_root.hpp"
#include "core/worker/profile.hpp"
#include "core/worker/readable_as.hpp"
#include "core/worker/system_paths.hpp"
#include "core/worker/tunnels.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

namespace plugboard::worker {
namespace {

using wire::Layer;

constexpr std::uint32_t kBesideWorker = 2; // the launcher, and the first process of the pid namespace

std::string join_cgroups(const wire::Launch& launch) {
  if (launch.cgroups.empty()) return launch.no_cgroup.empty() ? "the hub made none" : launch.no_cgroup;
  for (const std::string& group : launch.cgroups) {
    const std::string list = group + "/cgroup.procs";
    const Descriptor file(::open(list.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file || ::write(file.get(), "0", 1) != 1) return failed("joining " + list);
  }
  return "";
}

// Where the machine's memory ends, a worker goes before a hub. It is no wall: what happens if it fails is up to luck.
void offer_to_oom_killer(int proc) {
  const Descriptor file(::openat(proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (file) static_cast<void>(!::write(file.get(), "500", 3));
}

std::string look_into(const std::string& folder, const std::string& granted, std::uint32_t uid) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open) return "";
  const bool forbidden = errno == EACCES;
  std::string why = failed("the granted folder " + granted + " cannot be read");
  if (forbidden) why += "; let the worker's user read it, whose number is " + std::to_string(uid);
  return why;
}

class Builder {
 public:
  Builder(const wire::Launch& launch, int plugin)
      : launch_(launch), plugin_(plugin),
        proc_(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC)), walls_{Layers(launch.without), {}, {}, {}} {}

  // With the right to, namespaces come first: they belong to the machine's root then, whom nobody within can become.
  Walls build() {
    const bool privileged = may(CAP_SYS_ADMIN);
    note(Layer::cgroup, [&] { return join_cgroups(launch_); });
    offer_to_oom_killer(proc_.get());
    if (!privileged) settle();
    if (privileged && launch_.uid != 0 && !launch_.folders.empty()) users_ = roots_files_as(launch_.uid, proc_.get());
    note(Layer::pid, leave_pids);
    note(Layer::ipc, leave_ipc);
    note(Layer::network, leave_network);
    make_tunnels();
    note(Layer::mount, [&] { return make_root(); });
    if (privileged) settle();
    describe();
    for (std::size_t i = 0; i < launch_.folders.size() && walls_.refused.empty(); ++i)
      walls_.refused = look_into(walls_.inside.folders[i], launch_.folders[i], uid_);
    const std::string why = drop_capabilities();
    if (walls_.refused.empty() && !why.empty()) walls_.refused = "its rights cannot be taken from it: " + why;
    return std::move(walls_);
  }

 private:
  void note(Layer layer, const std::function<std::string()>& make) {
    if (walls_.layers.wanted(layer)) walls_.layers.note(layer, make());
  }

  // Another user is taken in any case, where the hub may give one: a name space of users is not to be had everywhere.
  void settle() {
    std::string why;
    if (launch_.uid != 0) why = become_user(launch_.uid);
    uid_ = ::geteuid();
    note(Layer::user, [&] {
      const std::string no_space = enter_user_namespace(proc_.get());
      return no_space.empty() ? why : no_space;
    });
  }

  void make_tunnels() {
    if (!walls_.layers.present(Layer::network) || launch_.tunnels.empty()) return;
    const std::string why = open_tunnels(launch_.tunnels, walls_.listeners);
    if (!why.empty()) walls_.refused = "its tcp: grants cannot be carried: " + why;
  }

  std::string make_root() {
    if (kSanitized) return "the profile for sanitizers reads /proc";
    return enter_own_root(launch_.folders, users_.get(), plugin_);
  }

  void describe() {
    Confinement& inside = walls_.inside;
    const bool own_root = walls_.layers.present(Layer::mount);
    inside.connector = launch_.connector;
    inside.plugin = own_root ? kPluginInRoot : kPluginByDescriptor;
    for (std::size_t i = 0; i < launch_.folders.size(); ++i)
      inside.folders.push_back(own_root ? wire::folder_in_worker(i) : launch_.folders[i]);
    if (walls_.layers.present(Layer::network)) inside.tunnels = launch_.tunnels;
    inside.limits = launch_.limits;
    if (walls_.layers.present(Layer::cgroup))
      inside.limits.memory_bytes *= 2; // the group's limit is met first: it says so
    inside.others = kBesideWorker;
    inside.own_user = walls_.layers.present(Layer::user) || (launch_.uid != 0 && ::getuid() == launch_.uid);
    inside.without = launch_.without;
  }

  const wire::Launch& launch_;
  const int plugin_;
  const Descriptor proc_;
  Descriptor users_; // of the granted folders, where the hub is root
  Walls walls_;
  std::uint32_t uid_ = 0; // as the machine counts
};

} // namespace

Walls build_walls(const wire::Launch& launch, int plugin) {
  return Builder(launch, plugin).build();
}

} // namespace plugboard::worker
