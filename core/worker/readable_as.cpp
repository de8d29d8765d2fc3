#include "core/worker/readable_as.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

namespace plugboard::worker {
namespace {

bool put(int proc, const std::string& path, const std::string& text) {
  const Descriptor file(::openat(proc, path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

} // namespace

// A map of users belongs to a user namespace, and that to a process: one that does nothing else.
Descriptor roots_files_as(std::uint32_t uid, int proc) {
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) return {};
  const Descriptor read(ready[0]);
  Descriptor write(ready[1]);
  const pid_t owner = ::fork();
  if (owner < 0) return {};
  if (owner == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::unshare(CLONE_NEWUSER) != 0) ::_exit(1);
    static_cast<void>(!::write(write.get(), "", 1));
    for (;;) ::pause(); // until it is killed, or the launcher is
  }
  write.close();
  Descriptor space;
  char word;
  const std::string folder = std::to_string(owner), map = "0 " + std::to_string(uid) + " 1";
  if (::read(read.get(), &word, 1) == 1 && put(proc, folder + "/uid_map", map) && put(proc, folder + "/gid_map", map))
    space = Descriptor(::openat(proc, (folder + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  ::kill(owner, SIGKILL);
  while (::waitpid(owner, nullptr, 0) < 0 && errno == EINTR) {}
  return space;
}

} // namespace plugboard::worker
