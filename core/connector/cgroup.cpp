#include "core/connector/cgroup.hpp"

#include "core/connector/cgroup_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace plugboard::connector {
namespace {

constexpr std::uint64_t kWeight = 25; // of 100, which is the hub's: who answers for all goes first

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

} // namespace

Cgroup::~Cgroup() {
  if (usage_ >= 0) ::close(usage_);
  for (const std::string& folder : folders_) ::rmdir(folder.c_str());
}

// key: the line that begins so; "": the file is a number. 0: there is none.
std::uint64_t Cgroup::counted(std::string_view file, std::string_view key) const {
  for (const std::string& folder : folders_) {
    const auto text = read_cgroup_file(folder + "/" + std::string(file));
    if (!text) continue;
    const std::string lines = "\n" + *text;
    const std::string start = "\n" + std::string(key) + (key.empty() ? "" : " ");
    const std::size_t at = lines.find(start);
    if (at != std::string::npos) return number_of(std::string_view(lines).substr(at + start.size()));
  }
  return 0;
}

CgroupUse Cgroup::use() const {
  CgroupUse use;
  if (const auto bytes = counted(unified_ ? "memory.current" : "memory.usage_in_bytes", ""); bytes > 0)
    use.memory_bytes = bytes;
  if (const auto spent = processor(); spent.count() > 0) use.processor = spent;
  return use;
}

int Cgroup::open_usage() const {
  for (const std::string& folder : folders_) {
    const std::string file = folder + (unified_ ? "/cpu.stat" : "/cpuacct.usage");
    if (const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC); fd >= 0) return fd;
  }
  return -1;
}

Duration Cgroup::processor() const {
  const std::lock_guard lock(mutex_);
  if (usage_ < 0) usage_ = open_usage();
  std::array<char, 64> text{};
  const auto size = usage_ < 0 ? -1 : ::pread(usage_, text.data(), text.size(), 0);
  if (size <= 0) return {};
  std::string_view first(text.data(), static_cast<std::size_t>(size));
  if (!unified_) return Duration(number_of(first));
  constexpr std::string_view kName = "usage_usec "; // the kernel's first line
  return first.starts_with(kName) ? Duration(std::chrono::microseconds(number_of(first.substr(kName.size()))))
                                  : Duration();
}

void Cgroup::give_way(bool to_all) const {
  if (processor_.empty()) return;
  if (idle_.exchange(to_all) != to_all)
    static_cast<void>(write_cgroup_file(processor_ + "/cpu.idle", to_all ? "1" : "0"));
  if (to_all) return; // a weight is forgotten by a group that becomes idle
  const auto weight = unified_ ? kWeight : kWeight * 1024 / 100;
  static_cast<void>(write_cgroup_file(processor_ + (unified_ ? "/cpu.weight" : "/cpu.shares"), std::to_string(weight)));
}

std::string_view Cgroup::limit_hit() const {
  if (counted(unified_ ? "memory.events" : "memory.oom_control", "oom_kill") > 0) return "memory";
  return counted("pids.events", "max") > 0 ? "threads" : "";
}

} // namespace plugboard::connector
