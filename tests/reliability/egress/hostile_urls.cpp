#include "tests/reliability/egress/hostile_urls.hpp"

#include <fstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

std::string unescaped(const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool byte = line.compare(i, 2, "\\x") == 0 && i + 3 < line.size();
    text += byte ? static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16)) : line[i];
    if (byte) i += 3;
  }
  return text;
}

} // namespace

std::vector<std::string> hostile_urls(int good, int trap) {
  std::ifstream file(HOSTILE_URLS);
  std::vector<std::string> urls;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    replace_all(line, "GOOD", std::to_string(good));
    replace_all(line, "TRAP", std::to_string(trap));
    urls.push_back(unescaped(line));
  }
  if (urls.empty()) throw std::runtime_error(std::string(HOSTILE_URLS) + " has no URLs");
  return urls;
}

std::vector<std::string> forbidden_addresses() {
  return {"127.0.0.1",
          "127.0.0.2",
          "127.255.255.254",
          "0.0.0.0",
          "0.0.0.1",
          "10.0.0.1",
          "10.255.255.255",
          "172.16.0.1",
          "172.31.255.254",
          "192.168.0.1",
          "169.254.169.254",
          "169.254.170.2",
          "169.254.0.1",
          "100.64.0.1",
          "100.100.100.200",
          "168.63.129.16",
          "192.0.0.192",
          "198.18.0.1",
          "192.0.2.1",
          "203.0.113.1",
          "224.0.0.1",
          "239.255.255.250",
          "240.0.0.1",
          "255.255.255.255",
          "::",
          "::1",
          "::7f00:1",
          "::ffff:127.0.0.1",
          "::ffff:10.0.0.1",
          "::ffff:169.254.169.254",
          "::ffff:0.0.0.0",
          "64:ff9b::7f00:1",
          "64:ff9b::a9fe:a9fe",
          "64:ff9b:1::1",
          "2002:7f00:1::",
          "2002:a00:1::1",
          "2001:0:7f00:1::",
          "2001::a9fe:a9fe",
          "fc00::1",
          "fd00:ec2::254",
          "fd12:3456::1",
          "fe80::1",
          "fec0::1",
          "ff02::1",
          "100::1",
          "2001:db8::1",
          "3fff::1",
          "5f00::1"};
}

} // namespace plugboard::test
