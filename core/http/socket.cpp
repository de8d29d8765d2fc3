#include "core/http/socket.hpp"

#include <cerrno>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

Moved refused(Io when_it_would_block) {
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {when_it_would_block};
  return {Io::failed, 0, errno};
}

} // namespace

std::optional<Socket> Socket::adopt(boost::asio::io_context& io, int fd) {
  struct Closer { // until it is watched, whatever happens
    int fd;

    ~Closer() {
      if (fd >= 0) ::close(fd);
    }
  } closer{fd};

  auto watched = std::make_unique<Watched>(Readiness::of(io), fd);
  closer.fd = -1;
  if (!watched->begin()) return std::nullopt;
  return Socket(std::move(watched));
}

Moved Socket::read(std::span<char> into) {
  ssize_t got = 0;
  do got = ::recv(fd(), into.data(), into.size(), MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  if (got < 0) return refused(Io::wait_read);
  if (got == 0) return {Io::ended};
  return {Io::moved, static_cast<std::size_t>(got)};
}

Moved Socket::write(std::string_view bytes) {
  ssize_t sent = 0;
  do sent = ::send(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent < 0) return refused(Io::wait_write);
  return {Io::moved, static_cast<std::size_t>(sent)};
}

void Socket::no_more_writes() {
  ::shutdown(fd(), SHUT_WR);
}

std::size_t Socket::unread() {
  int left = 0;
  return ::ioctl(fd(), SIOCOUTQNSD, &left) == 0 && left > 0 ? static_cast<std::size_t>(left) : 0;
}

void Socket::reset_at_close() {
  const linger at_once{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

} // namespace plugboard::http
