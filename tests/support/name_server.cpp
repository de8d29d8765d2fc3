#include "tests/support/name_server.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace plugboard::test {
namespace {

constexpr std::size_t kHead = 12;
constexpr int kA = 1, kCname = 5, kAaaa = 28;

std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string labels_of(const std::string& name) {
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    const auto dot = std::min(name.find('.', at), name.size());
    text += static_cast<char>(dot - at) + name.substr(at, dot - at);
    at = dot + 1;
  }
  return text + '\0';
}

std::string record(const std::string& name, int type, std::uint32_t ttl, const std::string& data) {
  return name + number(static_cast<std::uint32_t>(type), 2) + number(1, 2) + number(ttl, 4) +
         number(static_cast<std::uint32_t>(data.size()), 2) + data;
}

std::string bytes_of(const std::string& address, int type) { // empty: it is of the other family
  std::array<char, 16> bytes{};
  if (::inet_pton(type == kA ? AF_INET : AF_INET6, address.c_str(), bytes.data()) != 1) return {};
  return {bytes.data(), type == kA ? std::size_t{4} : bytes.size()};
}

} // namespace

NameServer::NameServer(Answering answering)
    : answering_(std::move(answering)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof self;
  const timeval patience{0, 20'000};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&self), size) != 0 ||
      ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&self), &size) != 0)
    throw std::runtime_error("no port for a name server");
  port_ = ntohs(self.sin_port);
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  stopping_ = true;
  thread_.join();
}

std::string NameServer::address() const {
  return "127.0.0.1:" + std::to_string(port_);
}

void NameServer::serve() {
  std::array<char, 1500> bytes{};
  while (!stopping_) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto got =
        ::recvfrom(socket_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < static_cast<ssize_t>(kHead)) continue;
    const auto reply = answer({bytes.data(), static_cast<std::size_t>(got)});
    if (!reply.empty())
      ::sendto(socket_.get(), reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
  }
}

// A question that is not what a resolver sends is not answered.
std::string NameServer::answer(const std::string& question) {
  std::string name;
  std::size_t at = kHead;
  while (at < question.size() && question[at] != 0) {
    const auto length = static_cast<unsigned char>(question[at]);
    name += (name.empty() ? "" : ".") + question.substr(at + 1, length);
    at += 1U + length;
  }
  const auto end = at + 5;
  if (end > question.size()) return {};
  const int type = static_cast<unsigned char>(question[at + 2]);
  if (type == kA) ++questions_;
  const auto told = answering_(name, type == kAaaa);
  if (told.silent) return {};
  std::string records;
  std::uint32_t count = 0;
  const auto owner = told.alias.empty() ? labels_of(name) : labels_of(told.alias);
  if (!told.alias.empty() && ++count != 0) records += record(labels_of(name), kCname, told.ttl, owner);
  for (const auto& address : told.addresses)
    if (const auto data = bytes_of(address, type); !data.empty() && ++count != 0)
      records += record(owner, type, told.ttl, data);
  return question.substr(0, 2) + number(0x8180U | static_cast<std::uint32_t>(told.code), 2) + number(1, 2) +
         number(count, 2) + number(0, 4) + question.substr(kHead, end - kHead) + records;
}

} // namespace plugboard::test
