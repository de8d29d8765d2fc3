// What no layer refuses, as it is simply not handed down: the environment, descriptors, a place for logs, rights.
#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

extern char** environ;

namespace plugboard::jailbreak {
namespace {

constexpr int kSocketToHub = 3, kBytesOfPlugin = 4;

int read_environment(const Targets&) {
  return environ == nullptr || *environ == nullptr ? ENOENT : 0;
}

int use_inherited_descriptor(const Targets& t) {
  const bool bytes_by_descriptor = target(t, "own_code") != "/plugin.so"; // it has no root of its own
  for (int number = 3; number < 256; ++number) {
    if (number == kSocketToHub || (number == kBytesOfPlugin && bytes_by_descriptor)) continue;
    if (::fcntl(number, F_GETFD) >= 0) return 0;
  }
  return EBADF;
}

bool is_null(int descriptor) {
  struct stat kind {};

  return ::fstat(descriptor, &kind) == 0 && S_ISCHR(kind.st_mode) && kind.st_rdev == makedev(1, 3);
}

int forge_log(const Targets&) {
  return is_null(1) && is_null(2) ? ENODEV : 0;
}

int read_standard_input(const Targets&) {
  return is_null(0) ? ENODEV : 0;
}

int type_into_terminal(const Targets&) {
  char key = 'x';
  return outcome(::ioctl(0, TIOCSTI, &key));
}

int use_a_right(const Targets&) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  if (::syscall(SYS_capget, &header, sets) != 0) return errno;
  const bool some = sets[0].permitted != 0 || sets[1].permitted != 0;
  return some ? 0 : EPERM;
}

} // namespace

std::vector<Attempt> on_inheritance() {
  return {{"read_environment", read_environment},
          {"use_inherited_descriptor", use_inherited_descriptor},
          {"forge_log", forge_log},
          {"read_standard_input", read_standard_input},
          {"type_into_terminal", type_into_terminal},
          {"use_a_right", use_a_right}};
}

} // namespace plugboard::jailbreak
