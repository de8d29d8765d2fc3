#include "core/worker/own_root.hpp"

#include "core/wire/launch.hpp"
#include "core/worker/descriptor.hpp"
#include "core/worker/layers.hpp"
#include "core/worker/system_paths.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>

namespace plugboard::worker {
namespace {

constexpr const char* kPlace = "/tmp"; // where it is built, in a mount namespace that nobody else sees
constexpr std::uint64_t kReadOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;

struct Part {
  std::string path; // in the new root
  Descriptor tree;  // what is to be there; none: a symbolic link
  std::string link;
  bool folder = true;
};

class OwnRoot {
 public:
  // Everything is taken hold of by descriptors before anything is covered.
  void take(const std::string& from, const std::string& to, std::uint64_t attributes, bool must_exist, int users = -1);
  void build(int plugin);
  void enter();

  const std::string& why_not() const { return why_not_; }

 private:
  bool failing() const { return !why_not_.empty(); }

  void note(const std::string& what) {
    if (why_not_.empty()) why_not_ = failed(what);
  }

  void make_folders(const std::string& path);
  void place(const Part& part);
  void hide(const char* path);
  void copy_plugin(int plugin);

  std::vector<Part> parts_;
  Descriptor root_;
  std::string why_not_;
};

void OwnRoot::take(const std::string& from, const std::string& to, std::uint64_t attributes, bool must_exist,
                   int users) {
  if (failing()) return;

  struct stat kind {};

  if (::lstat(from.c_str(), &kind) != 0) return must_exist ? note(from) : void();
  Part part{to, {}, {}, false};
  if (S_ISLNK(kind.st_mode) && !must_exist) {
    char target[PATH_MAX];
    const ssize_t length = ::readlink(from.c_str(), target, sizeof target);
    if (length < 0) return note("readlink " + from);
    part.link.assign(target, static_cast<std::size_t>(length));
  } else {
    if (::stat(from.c_str(), &kind) != 0) return note(from);
    part.folder = S_ISDIR(kind.st_mode);
    const unsigned deep = part.folder ? AT_RECURSIVE : 0;
    part.tree = Descriptor(::open_tree(AT_FDCWD, from.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | deep));
    mount_attr wanted{};
    wanted.attr_set = attributes;
    if (!part.tree) return note("open_tree " + from);
    if (users >= 0) { // not every file system can do that: then its users are as they are
      mount_attr mapped{};
      mapped.attr_set = MOUNT_ATTR_IDMAP;
      mapped.userns_fd = static_cast<std::uint64_t>(users);
      ::mount_setattr(part.tree.get(), "", AT_EMPTY_PATH | deep, &mapped, sizeof mapped);
    }
    if (::mount_setattr(part.tree.get(), "", AT_EMPTY_PATH | deep, &wanted, sizeof wanted) != 0)
      return note("mount_setattr " + from);
  }
  parts_.push_back(std::move(part));
}

void OwnRoot::make_folders(const std::string& path) { // those above its last part
  for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    if (::mkdirat(root_.get(), path.substr(1, slash - 1).c_str(), 0755) != 0 && errno != EEXIST) note("mkdir " + path);
}

void OwnRoot::place(const Part& part) {
  make_folders(part.path);
  const char* const path = part.path.c_str() + 1; // from root_
  if (!part.tree) return ::symlinkat(part.link.c_str(), root_.get(), path) == 0 ? void() : note("link " + part.path);
  if (part.folder) {
    if (::mkdirat(root_.get(), path, 0755) != 0 && errno != EEXIST) return note("mkdir " + part.path);
  } else if (!Descriptor(::openat(root_.get(), path, O_CREAT | O_WRONLY | O_CLOEXEC, 0444))) {
    return note("create " + part.path);
  }
  if (::move_mount(part.tree.get(), "", root_.get(), path, MOVE_MOUNT_F_EMPTY_PATH) != 0) note("mounting " + part.path);
}

void OwnRoot::hide(const char* path) { // under an empty folder

  struct stat kind {};

  const std::string there = std::string(kPlace) + path;
  if (::lstat(there.c_str(), &kind) != 0 || !S_ISDIR(kind.st_mode)) return;
  if (::mount("tmpfs", there.c_str(), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=0555") != 0)
    note("hiding " + std::string(path));
}

void OwnRoot::copy_plugin(int plugin) {
  const Descriptor copy(::openat(root_.get(), kPluginInRoot + 1, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444));

  struct stat size {};

  if (!copy || ::fstat(plugin, &size) != 0) return note("copying the plugin");
  off_t at = 0;
  while (at < size.st_size)
    if (::sendfile(copy.get(), plugin, &at, static_cast<std::size_t>(size.st_size - at)) <= 0)
      return note("copying the plugin");
}

void OwnRoot::build(int plugin) {
  if (failing()) return;
  if (::mount("tmpfs", kPlace, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") != 0) return note("mounting a tmpfs");
  root_ = Descriptor(::open(kPlace, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root_) return note("opening the new root");
  for (const Part& part : parts_)
    if (!failing()) place(part);
  for (const char* path : kHiddenFolders) hide(path);
  copy_plugin(plugin);
  mount_attr wanted{};
  wanted.attr_set = kReadOnly | MOUNT_ATTR_NODEV;
  if (!failing() && ::mount_setattr(root_.get(), "", AT_EMPTY_PATH, &wanted, sizeof wanted) != 0)
    note("making the new root read-only");
}

void OwnRoot::enter() {
  if (failing() && root_) ::umount2(kPlace, MNT_DETACH); // the machine's own is to be used, then
  if (failing()) return;
  if (::fchdir(root_.get()) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0) return note("pivot_root");
  if (::umount2(".", MNT_DETACH) != 0 || ::chdir("/") != 0) note("leaving the machine's root");
}

} // namespace

std::string enter_own_root(const std::vector<std::string>& folders, int users, int plugin) {
  if (::unshare(CLONE_NEWNS) != 0) return failed("unshare(CLONE_NEWNS)");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("making mounts private");
  OwnRoot root;
  for (const char* path : kLibraryFolders) root.take(path, path, kReadOnly | MOUNT_ATTR_NODEV, false);
  for (const char* path : kDataFolders) root.take(path, path, kReadOnly | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, false);
  for (const char* path : kDataFiles) root.take(path, path, kReadOnly | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, false);
  root.take(kNullDevice, kNullDevice, kReadOnly | MOUNT_ATTR_NOEXEC, false);
  for (std::size_t i = 0; i < folders.size(); ++i)
    root.take(folders[i], wire::folder_in_worker(i), kReadOnly | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, true, users);
  root.build(plugin);
  root.enter();
  return root.why_not();
}

} // namespace plugboard::worker
