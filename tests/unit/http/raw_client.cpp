#include "tests/unit/http/raw_client.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

int new_socket(int family) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return fd;
}

} // namespace

RawClient::RawClient(std::uint16_t port, int buffer) : fd_(new_socket(AF_INET)) {
  if (buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

RawClient::RawClient(const std::string& unix_path) : fd_(new_socket(AF_UNIX)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, unix_path.c_str(), sizeof(address.sun_path) - 1);
  connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

RawClient::~RawClient() {
  close();
}

std::uint16_t RawClient::own_port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  const bool known = ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  return known && address.sin_family == AF_INET ? ntohs(address.sin_port) : std::uint16_t{0};
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return; // the other side has closed: what it said last can still be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawClient::no_more_writes() {
  ::shutdown(fd_, SHUT_WR);
}

void RawClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void RawClient::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

bool RawClient::receive() {
  std::array<char, 16384> bytes{};
  const auto got = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<RawResponse> RawClient::response(bool to_head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!receive()) return std::nullopt;
  RawResponse response;
  response.head = buffer_.substr(0, end + 4);
  response.status = std::atoi(response.head.substr(9, 3).c_str());
  const auto length = response.head.find("Content-Length: ");
  const auto size = to_head || length == std::string::npos
                        ? 0
                        : static_cast<std::size_t>(std::atoll(response.head.c_str() + length + 16));
  while (buffer_.size() < end + 4 + size)
    if (!receive()) return std::nullopt;
  response.body = buffer_.substr(end + 4, size);
  buffer_.erase(0, end + 4 + size);
  return response;
}

bool RawClient::ended() {
  if (!buffer_.empty()) return false;
  std::array<char, 1> byte{};
  const auto got = ::recv(fd_, byte.data(), byte.size(), 0);
  return got == 0 || (got < 0 && errno == ECONNRESET);
}

bool RawClient::ends() {
  while (receive()) {}
  buffer_.clear();
  return ended();
}

} // namespace plugboard::http
