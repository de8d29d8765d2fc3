#include "core/worker/namespaces.hpp"

#include "core/worker/descriptor.hpp"
#include "core/worker/layers.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace plugboard::worker {
namespace {

constexpr std::string_view kInnerId = "1000";

std::string leave(int what, std::string_view name) {
  return ::unshare(what) == 0 ? "" : failed("unshare(" + std::string(name) + ")");
}

std::string put(int folder, const char* path, const std::string& text) {
  const Descriptor file(::openat(folder, path, O_WRONLY | O_CLOEXEC));
  if (!file) return failed(std::string("open /proc/") + path);
  const auto written = ::write(file.get(), text.data(), text.size());
  return written == static_cast<ssize_t>(text.size()) ? "" : failed(std::string("write /proc/") + path);
}

struct Capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
};

} // namespace

bool may(int capability) {
  Capabilities own;
  if (::syscall(SYS_capget, &own.header, own.sets) != 0) return false;
  return (own.sets[capability / 32].effective >> (capability % 32) & 1) != 0;
}

std::string leave_network() {
  return leave(CLONE_NEWNET, "CLONE_NEWNET");
}

std::string leave_ipc() {
  return leave(CLONE_NEWIPC | CLONE_NEWUTS, "CLONE_NEWIPC|CLONE_NEWUTS");
}

std::string leave_pids() {
  return leave(CLONE_NEWPID, "CLONE_NEWPID");
}

std::string become_user(std::uint32_t uid) {
  if (::setgroups(0, nullptr) != 0) return failed("setgroups");
  if (::setresgid(uid, uid, uid) != 0) return failed("setresgid");
  return ::setresuid(uid, uid, uid) == 0 ? "" : failed("setresuid");
}

std::string enter_user_namespace(int proc) {
  const std::string outer_uid = std::to_string(::geteuid()), outer_gid = std::to_string(::getegid());
  if (auto why = leave(CLONE_NEWUSER, "CLONE_NEWUSER"); !why.empty()) return why;
  ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); // after a change of user our own files in /proc are root's otherwise
  const std::string inner(kInnerId);
  std::string why = put(proc, "self/setgroups", "deny");
  if (why.empty()) why = put(proc, "self/uid_map", inner + " " + outer_uid + " 1");
  if (why.empty()) why = put(proc, "self/gid_map", inner + " " + outer_gid + " 1");
  return why;
}

std::string drop_capabilities() {
  if (may(CAP_SETPCAP)) {
    for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
      ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  Capabilities none;
  return ::syscall(SYS_capset, &none.header, none.sets) == 0 ? "" : failed("capset");
}

} // namespace plugboard::worker
