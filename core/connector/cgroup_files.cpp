#include "core/connector/cgroup_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostBytes = 1 << 22;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

struct Mount {
  std::string_view root, point, type;
  std::string options; // "rw,memory": of its file system
};

// 31 23 0:28 / /sys/fs/cgroup rw,relatime … - tmpfs tmpfs rw,mode=755
std::optional<Mount> read_mount(std::string_view line) {
  const auto words = split(line, ' ');
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (words.size() < 6 || words.end() - dash < 4) return std::nullopt;
  return Mount{words[3], words[4], dash[1], std::string(dash[3])};
}

struct Own {
  std::string_view controllers, path; // of the unified hierarchy: no controllers
};

// 4:memory:/user.slice
std::optional<Own> read_own(std::string_view line) {
  const std::size_t first = line.find(':'), second = line.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  return Own{line.substr(first + 1, second - first - 1), line.substr(second + 1)};
}

std::string words_of(std::string_view list, char separator) {
  std::string words = " ";
  for (const std::string_view word : split(list, separator)) words.append(word).append(" ");
  return words;
}

// The folder of the group at `path`, if this mount shows it.
std::optional<std::string> folder_of(const Mount& mount, std::string_view path) {
  const std::string_view root = mount.root == "/" ? std::string_view() : mount.root;
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return std::string(mount.point).append(path == "/" ? std::string_view() : path);
}

bool belongs(const Mount& mount, const Own& own) {
  if (own.controllers.empty()) return mount.type == "cgroup2";
  const std::string of_mount = words_of(mount.options, ',');
  const auto of_own = split(own.controllers, ',');
  return mount.type == "cgroup" &&
         std::all_of(of_own.begin(), of_own.end(), [&](std::string_view word) { return has_word(of_mount, word); });
}

} // namespace

std::optional<std::string> read_cgroup_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  char piece[4096];
  ssize_t got = 0;
  while (text.size() < kMostBytes && (got = ::read(file, piece, sizeof piece)) > 0)
    text.append(piece, static_cast<std::size_t>(got));
  ::close(file);
  if (got < 0) return std::nullopt;
  return text;
}

std::string write_cgroup_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (file >= 0) ::close(file);
  return written ? "" : path + " cannot be written: " + std::generic_category().message(error);
}

bool has_word(std::string_view words, std::string_view word) {
  return words.find(" " + std::string(word) + " ") != std::string_view::npos;
}

CgroupMounts read_cgroup_mounts(std::string_view mounts, std::string_view own) {
  CgroupMounts found;
  for (const std::string_view mounted : split(mounts, '\n')) {
    const auto mount = read_mount(mounted);
    if (!mount || !mount->type.starts_with("cgroup")) continue;
    for (const std::string_view line : split(own, '\n')) {
      const auto group = read_own(line);
      if (!group || !belongs(*mount, *group)) continue;
      auto folder = folder_of(*mount, group->path);
      if (!folder) continue;
      if (group->controllers.empty())
        found.unified = CgroupPlace{*std::move(folder), {}};
      else
        found.first.push_back({*std::move(folder), words_of(group->controllers, ',')});
    }
  }
  return found;
}

} // namespace plugboard::connector
