#include "core/connector/sealed_plugin.hpp"

#include "core/base/crypto.hpp"
#include "core/connector/file_bytes.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{512} << 20;

Error system_error(const PluginFile& file, const char* what) {
  return fail(Code::io, file.path + " can't be mapped (" + what + ": " + std::strerror(errno) + ")");
}

// Whoever has hold of one of its pages, as the kernel has while it moves memory about, keeps it from being sealed:
// after a tenth of a second the kernel gives up.
bool seal(int fd) {
  constexpr int kTries = 20;
  for (int i = 0; i < kTries; ++i) {
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0) return true;
    if (errno != EBUSY) return false;
  }
  return false;
}

} // namespace

Result<int> seal_plugin(const PluginFile& file) {
  const auto bytes = read_file_bytes(file.path, kMostFileBytes);
  if (!bytes) return bytes.error();
  if (hex(sha256(*bytes)) != file.sha256)
    return fail(Code::conflict, file.path + " was changed while it was being loaded: start again");
  const int fd = ::memfd_create(file.manifest.name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return system_error(file, "memfd_create");
  std::string_view left = *bytes;
  while (!left.empty()) {
    const ssize_t written = ::write(fd, left.data(), left.size());
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) break;
  }
  if (!left.empty() || !seal(fd)) {
    auto error = system_error(file, "sealing");
    ::close(fd);
    return error;
  }
  return fd;
}

} // namespace plugboard::connector
