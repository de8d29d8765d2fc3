#include "tests/support/descriptor.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace plugboard::test {

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() {
  close();
}

void Descriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

long receive_some(int fd, std::string& bytes, std::chrono::milliseconds patience) {
  pollfd wait{fd, POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&wait, 1, static_cast<int>(patience.count()))) < 0 && errno == EINTR) continue;
  if (ready <= 0) return -1;
  char block[65536];
  const auto got = ::recv(fd, block, sizeof block, 0);
  if (got > 0) bytes.append(block, static_cast<std::size_t>(got));
  return got < 0 ? -1 : got;
}

} // namespace plugboard::test
