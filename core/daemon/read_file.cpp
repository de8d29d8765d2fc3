#include "core/daemon/read_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace plugboard::daemon {

Result<std::string> read_file(const std::string& path, std::size_t most_bytes) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return fail(Code::io, "cannot read " + path + ": " + std::strerror(errno));
  std::string text;
  char block[16384];
  while (auto got = std::fread(block, 1, sizeof block, file.get())) {
    text.append(block, got);
    if (text.size() > most_bytes)
      return fail(Code::too_large, path + " is over " + std::to_string(most_bytes) + " bytes");
  }
  if (std::ferror(file.get())) return fail(Code::io, "cannot read " + path + ": " + std::strerror(errno));
  return text;
}

} // namespace plugboard::daemon
