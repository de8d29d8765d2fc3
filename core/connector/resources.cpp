#include "core/connector/resources.hpp"

#include "core/connector/file_bytes.hpp"

#include <sstream>
#include <string>
#include <unistd.h>

namespace plugboard::connector {

std::optional<Resources> resources_of(std::uint32_t pid) {
  const auto text = read_file_bytes("/proc/" + std::to_string(pid) + "/stat", 4096);
  if (pid == 0 || !text) return std::nullopt;
  const auto name_ends = text->rfind(')'); // which may hold anything
  if (name_ends == std::string::npos) return std::nullopt;
  std::istringstream fields(text->substr(name_ends + 1));
  std::string field;
  for (int i = 3; i <= 13; ++i) fields >> field; // proc(5): state is the third
  std::uint64_t user = 0, system = 0, resident = 0;
  fields >> user >> system;
  for (int i = 16; i <= 23; ++i) fields >> field;
  fields >> resident;
  if (!fields) return std::nullopt;
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return Resources{resident * page, Duration((user + system) * 1'000'000'000 / ticks)};
}

} // namespace plugboard::connector
