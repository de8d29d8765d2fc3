#include "core/connector/file_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

Error system_error(const std::string& path, int number) {
  if (number == ENOENT || number == ENOTDIR)
    return fail(Code::not_found, path + " does not exist: check the path and that the file was put there");
  if (number == EACCES || number == EPERM)
    return fail(Code::denied, path + " may not be read by this user: give the hub's user the right to read it");
  return fail(Code::io, path + " can't be read: " + std::strerror(number));
}

} // namespace

Result<std::string> read_file_bytes(const std::string& path, std::size_t most_bytes) {
  const OpenFile file(path);
  if (file.fd() < 0) return system_error(path, errno);

  struct stat about {};

  if (::fstat(file.fd(), &about) != 0) return system_error(path, errno);
  if (!S_ISREG(about.st_mode)) return fail(Code::io, path + " is no plain file");
  std::string bytes;
  bytes.reserve(std::min<std::size_t>(static_cast<std::size_t>(about.st_size), most_bytes) + 1);
  char block[64 * 1024];
  for (;;) { // up to the end, not up to the size: the file may grow while it is read
    const ssize_t count = ::read(file.fd(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path, errno);
    if (count == 0) return bytes;
    bytes.append(block, static_cast<std::size_t>(count));
    if (bytes.size() > most_bytes)
      return fail(Code::too_large, path + " is larger than " + std::to_string(most_bytes) + " bytes");
  }
}

} // namespace plugboard::connector
