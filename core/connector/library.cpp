#include "core/connector/library.hpp"

#include "core/base/crypto.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/connector/forever.hpp"
#include "core/connector/guard.hpp"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{512} << 20;

// Both stay: the number of the descriptor is part of the library's name, and a number used again would
// name the old one.
struct Mapped {
  int fd = -1;
  boost::dll::shared_library library;
};

Error system_error(const PluginFile& file, const char* what) {
  return fail(Code::io, file.path + " can't be mapped (" + what + ": " + std::strerror(errno) + ")");
}

Result<int> seal_in_memory(const PluginFile& file, std::string_view bytes) {
  const int fd = ::memfd_create(file.manifest.name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return system_error(file, "memfd_create");
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t written = ::write(fd, left.data(), left.size());
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) break;
  }
  if (!left.empty() || ::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    auto error = system_error(file, "sealing");
    ::close(fd);
    return error;
  }
  return fd;
}

} // namespace

Result<const plugboard_connector*> load_library(const PluginFile& file) {
  const auto bytes = read_file_bytes(file.path, kMostFileBytes);
  if (!bytes) return bytes.error();
  if (hex(sha256(*bytes)) != file.sha256)
    return fail(Code::conflict, file.path + " was changed while it was being loaded: start again");
  const auto fd = seal_in_memory(file, *bytes);
  if (!fd) return fd.error();

  Mapped& mapped = keep_for_ever(std::make_unique<Mapped>()); // also when what follows fails: constructors have run
  mapped.fd = *fd;
  boost::dll::fs::error_code error;
  mapped.library.load("/proc/self/fd/" + std::to_string(*fd), error,
                      boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  if (error)
    return fail(Code::io, file.path + " can't be loaded: " + error.message() +
                              "; `ldd -r` on it says which library or symbol is missing");
  if (!mapped.library.has(PLUGBOARD_ENTRY_SYMBOL))
    return fail(Code::malformed, file.path + " has no function " + PLUGBOARD_ENTRY_SYMBOL +
                                     ": end one source file with PLUGBOARD_EXPORT(…)");
  const auto entry = &mapped.library.get<const plugboard_connector*()>(PLUGBOARD_ENTRY_SYMBOL);
  const plugboard_connector* table = nullptr;
  if (!guarded([&] { table = entry(); }))
    return fail(Code::malformed, file.path + ": " + PLUGBOARD_ENTRY_SYMBOL + " threw an exception");
  return table;
}

} // namespace plugboard::connector
