#include "core/worker/landlock.hpp"

#include "core/worker/descriptor.hpp"
#include "core/worker/layers.hpp"
#include "core/worker/profile.hpp"
#include "core/worker/system_paths.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdint>

namespace plugboard::worker {
namespace {

// The kernel's interface, all of it: the headers that we are built with know its first years only.
constexpr std::uint64_t kReadFile = 1 << 2, kReadFolder = 1 << 3;
constexpr std::uint64_t kFirstFileRights = (1 << 13) - 1;
constexpr std::uint64_t kRefer = 1 << 13, kTruncate = 1 << 14, kDeviceControl = 1 << 15;
constexpr std::uint64_t kBindTcp = 1 << 0, kConnectTcp = 1 << 1;
constexpr std::uint64_t kAbstractSockets = 1 << 0, kSignals = 1 << 1;
constexpr unsigned kAskVersion = 1 << 0;
constexpr int kPathRule = 1, kPortRule = 2;

struct Ruleset {
  std::uint64_t files, network, scope;
};

struct __attribute__((packed)) PathRule {
  std::uint64_t allowed;
  std::int32_t parent;
};

struct PortRule {
  std::uint64_t allowed, port;
};

Ruleset rights_of(long version) {
  Ruleset rights{kFirstFileRights, 0, 0};
  if (version >= 2) rights.files |= kRefer;
  if (version >= 3) rights.files |= kTruncate;
  if (version >= 5) rights.files |= kDeviceControl;
  if (version >= 4) rights.network = kBindTcp | kConnectTcp;
  if (version >= 6) rights.scope = kAbstractSockets | kSignals;
  return rights;
}

std::size_t size_for(long version) { // a kernel refuses what it does not know
  return version >= 6 ? sizeof(Ruleset) : version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

class Rules {
 public:
  explicit Rules(int ruleset) : ruleset_(ruleset) {}

  void may_read(const std::string& path, bool must_exist) {
    const Descriptor at(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!at) return must_exist || errno != ENOENT ? note("open " + path) : void();

    struct stat kind {};

    if (::fstat(at.get(), &kind) != 0) return note("fstat " + path);
    const PathRule rule{S_ISDIR(kind.st_mode) ? kReadFile | kReadFolder : kReadFile, at.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset_, kPathRule, &rule, 0) != 0) note("landlock_add_rule " + path);
  }

  void may_connect(std::uint16_t port) {
    const PortRule rule{kConnectTcp, port};
    if (::syscall(SYS_landlock_add_rule, ruleset_, kPortRule, &rule, 0) != 0) note("landlock_add_rule");
  }

  const std::string& why_not() const { return why_not_; }

 private:
  void note(const std::string& what) {
    if (why_not_.empty()) why_not_ = failed(what);
  }

  const int ruleset_;
  std::string why_not_;
};

} // namespace

std::string restrict_files(const Confinement& confinement) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) return failed("this kernel has no Landlock");
  const Ruleset rights = rights_of(version);
  const Descriptor ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rights, size_for(version), 0)));
  if (!ruleset) return failed("landlock_create_ruleset");
  Rules rules(ruleset.get());
  for (const char* path : kLibraryFolders) rules.may_read(path, false);
  for (const char* path : kDataFolders) rules.may_read(path, false);
  for (const char* path : kDataFiles) rules.may_read(path, false);
  rules.may_read(kNullDevice, false);
  if (kSanitized) rules.may_read("/proc/self", true); // they look where they are mapped
  if (confinement.plugin == kPluginInRoot)
    rules.may_read(kPluginInRoot, true); // else it is a memfd, in no tree of files
  for (const std::string& path : confinement.folders) rules.may_read(path, true);
  if (rights.network != 0)
    for (const std::uint16_t port : confinement.tunnels) rules.may_connect(port);
  if (!rules.why_not().empty()) return rules.why_not();
  return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0 ? "" : failed("landlock_restrict_self");
}

} // namespace plugboard::worker
