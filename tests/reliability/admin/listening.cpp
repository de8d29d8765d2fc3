#include "tests/reliability/admin/listening.hpp"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

std::set<std::string> sockets_of(pid_t pid) { // inodes
  std::set<std::string> inodes;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone)) {
    const auto target = fs::read_symlink(entry.path(), gone).string();
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
  }
  return inodes;
}

std::string address_of(const std::string& hex) { // "0100007F:2206": words of 32 bits in this machine's order
  const auto colon = hex.find(':');
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < colon / 8; ++i)
    words.at(i) = static_cast<std::uint32_t>(std::stoul(hex.substr(i * 8, 8), nullptr, 16));
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_six = colon > 8;
  ::inet_ntop(is_six ? AF_INET6 : AF_INET, words.data(), text.data(), text.size());
  const auto port = std::to_string(std::stoul(hex.substr(colon + 1), nullptr, 16));
  return is_six ? "[" + std::string(text.data()) + "]:" + port : std::string(text.data()) + ":" + port;
}

} // namespace

std::vector<std::string> listening_at(pid_t pid) {
  const auto inodes = sockets_of(pid);
  std::vector<std::string> addresses;
  for (const auto* table : {"tcp", "tcp6"}) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/net/" + table);
    std::string line;
    std::getline(file, line); // its heads
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
      words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
      if (state == "0A" && inodes.contains(inode)) addresses.push_back(address_of(local));
    }
  }
  return addresses;
}

} // namespace plugboard::test
