#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace plugboard::jailbreak {
namespace {

int open_at(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  ::close(file);
  return 0;
}

int read_at(const std::string& path) { // some of /proc opens for everybody and reads for few
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  char byte;
  const int why = outcome(::pread(file, &byte, 1, 0));
  ::close(file);
  return why;
}

int list(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno;
  char entries[4096];
  const int why = outcome(::syscall(SYS_getdents64, folder, entries, sizeof entries));
  ::close(folder);
  return why;
}

std::string of_hub(const Targets& targets, const char* what) {
  return "/proc/" + target(targets, "hub_pid") + "/" + what;
}

std::string scratch(const Targets& targets, const char* name) {
  return target(targets, "scratch") + "/" + name; // a folder in which this user may do everything
}

int read_database(const Targets& t) {
  return read_at(target(t, "database"));
}

int write_database(const Targets& t) {
  return open_at(target(t, "database"), O_RDWR);
}

int read_key(const Targets& t) {
  return read_at(target(t, "key"));
}

int read_configuration(const Targets& t) {
  return read_at(target(t, "configuration"));
}

int read_other_plugin(const Targets& t) {
  return read_at(target(t, "other_plugin"));
}

int read_users(const Targets&) {
  return read_at("/etc/passwd");
}

int list_homes(const Targets&) {
  return list("/home");
}

int list_processes(const Targets&) {
  return list("/proc");
}

int read_hub_memory(const Targets& t) {
  return open_at(of_hub(t, "mem"), O_RDWR);
}

int read_hub_environment(const Targets& t) {
  return read_at(of_hub(t, "environ"));
}

int list_hub_descriptors(const Targets& t) {
  return list(of_hub(t, "fd"));
}

int read_hub_maps(const Targets& t) {
  return read_at(of_hub(t, "maps"));
}

int write_granted_folder(const Targets& t) {
  return open_at(target(t, "granted") + "/planted", O_WRONLY | O_CREAT);
}

int write_own_code(const Targets& t) {
  return open_at(target(t, "own_code"), O_RDWR);
}

int write_scratch(const Targets& t) {
  const std::string path = scratch(t, "written");
  const int why = open_at(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (why == 0) ::unlink(path.c_str());
  return why;
}

int fill_disk(const Targets& t) { // an unnamed file, written to
  const int file = ::open(target(t, "scratch").c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  const int why = outcome(::write(file, "x", 1));
  ::close(file);
  return why;
}

int make_folder(const Targets& t) {
  const int why = outcome(::mkdir(scratch(t, "folder").c_str(), 0700));
  if (why == 0) ::rmdir(scratch(t, "folder").c_str());
  return why;
}

int make_link(const Targets& t) {
  const int why = outcome(::symlink("/", scratch(t, "link").c_str()));
  if (why == 0) ::unlink(scratch(t, "link").c_str());
  return why;
}

int make_fifo(const Targets& t) {
  const int why = outcome(::mkfifo(scratch(t, "fifo").c_str(), 0600));
  if (why == 0) ::unlink(scratch(t, "fifo").c_str());
  return why;
}

int make_device(const Targets& t) {
  return outcome(::mknod(scratch(t, "memory").c_str(), S_IFCHR | 0600, makedev(1, 1)));
}

int rename_file(const Targets& t) {
  const int why = outcome(::rename(scratch(t, "mine").c_str(), scratch(t, "renamed").c_str()));
  if (why == 0) ::rename(scratch(t, "renamed").c_str(), scratch(t, "mine").c_str());
  return why;
}

int hard_link(const Targets& t) {
  const int why = outcome(::link(scratch(t, "mine").c_str(), scratch(t, "linked").c_str()));
  if (why == 0) ::unlink(scratch(t, "linked").c_str());
  return why;
}

int make_setuid(const Targets& t) {
  return outcome(::chmod(scratch(t, "mine").c_str(), 04755));
}

int truncate_file(const Targets& t) {
  return outcome(::truncate(scratch(t, "mine").c_str(), 0));
}

int climb_by_handle(const Targets& t) { // around every name

  alignas(file_handle) char room[sizeof(file_handle) + 64]{};
  auto* const handle = reinterpret_cast<file_handle*>(room);
  handle->handle_bytes = 64;
  int mount = 0;
  if (::name_to_handle_at(AT_FDCWD, target(t, "granted").c_str(), handle, &mount, 0) != 0) return errno;
  return outcome(::open_by_handle_at(AT_FDCWD, handle, O_RDONLY));
}

int change_root(const Targets& t) {
  return outcome(::chroot(target(t, "scratch").c_str()));
}

} // namespace

std::vector<Attempt> on_files() {
  return {{"read_database", read_database},
          {"write_database", write_database},
          {"read_key", read_key},
          {"read_configuration", read_configuration},
          {"read_other_plugin", read_other_plugin},
          {"read_users", read_users},
          {"list_homes", list_homes},
          {"list_processes", list_processes},
          {"read_hub_memory", read_hub_memory},
          {"read_hub_environment", read_hub_environment},
          {"list_hub_descriptors", list_hub_descriptors},
          {"read_hub_maps", read_hub_maps},
          {"write_granted_folder", write_granted_folder},
          {"write_own_code", write_own_code},
          {"write_scratch", write_scratch},
          {"fill_disk", fill_disk},
          {"make_folder", make_folder},
          {"make_link", make_link},
          {"make_fifo", make_fifo},
          {"make_device", make_device},
          {"rename_file", rename_file},
          {"hard_link", hard_link},
          {"make_setuid", make_setuid},
          {"truncate_file", truncate_file},
          {"climb_by_handle", climb_by_handle},
          {"change_root", change_root}};
}

} // namespace plugboard::jailbreak
