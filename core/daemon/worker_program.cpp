#include "core/daemon/worker_program.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace plugboard::daemon {

std::string worker_program() {
  std::error_code ignored;
  return (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "plugboard-worker").string();
}

std::string why_no_worker(const std::string& program) {
  if (::access(program.c_str(), X_OK) == 0) return "";
  return program + " can't be run: " + std::generic_category().message(errno) +
         "; install plugboard-worker beside plugboardd";
}

} // namespace plugboard::daemon
