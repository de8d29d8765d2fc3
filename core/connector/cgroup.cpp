#include "core/connector/cgroup.hpp"

#include "core/connector/cgroup_files.hpp"

#include <unistd.h>

#include <charconv>

namespace plugboard::connector {
namespace {

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

} // namespace

Cgroup::~Cgroup() {
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
  const auto spent = unified_ ? Duration(std::chrono::microseconds(counted("cpu.stat", "usage_usec")))
                              : Duration(counted("cpuacct.usage", ""));
  if (spent.count() > 0) use.processor = spent;
  return use;
}

std::string_view Cgroup::limit_hit() const {
  if (counted(unified_ ? "memory.events" : "memory.oom_control", "oom_kill") > 0) return "memory";
  return counted("pids.events", "max") > 0 ? "threads" : "";
}

} // namespace plugboard::connector
