#include "core/store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace plugboard::store {

Result<FileLock> FileLock::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    const std::string why = std::generic_category().message(errno);
    return fail(Code::io, "cannot make the lock " + path + ": " + why + "; its folder must exist and be writable",
                "store");
  }
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return fail(Code::conflict,
                path + " is held by another process: a hub is running on this store already; stop it first", "store");
  }
  return fail(Code::io, "cannot lock " + path + ": " + std::generic_category().message(errno), "store");
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

} // namespace plugboard::store
