#include "core/worker/talk.hpp"

#include "core/wire/frame.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace plugboard::worker {
namespace {

constexpr std::uint32_t kMostBytes = 1 << 20; // of the frame `launch`

bool wait_for(int socket, short what) {
  pollfd one{socket, what, 0};
  return ::poll(&one, 1, -1) > 0 || errno == EINTR;
}

bool again() {
  return errno == EINTR || errno == EAGAIN;
}

bool read_all(int socket, char* at, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::recv(socket, at, bytes, 0);
    if (got == 0 || (got < 0 && !(again() && wait_for(socket, POLLIN)))) return false;
    if (got < 0) continue;
    at += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

// The descriptors go with the first byte.
ssize_t send_some(int socket, std::string_view text, const std::vector<int>& descriptors) {
  iovec piece{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * wire::kMostTunnels)]{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    const std::size_t bytes = sizeof(int) * descriptors.size();
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(bytes);
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(head), descriptors.data(), bytes);
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

} // namespace

bool dies_with_parent(int socket) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  ucred maker{};
  socklen_t size = sizeof maker;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &maker, &size) != 0) return false;
  return maker.pid == ::getppid();
}

std::optional<wire::Launch> hear_launch(int socket) {
  char head[wire::kHeadBytes];
  if (!read_all(socket, head, sizeof head)) return std::nullopt;
  wire::FieldReader fields(std::string_view(head, sizeof head));
  const std::uint32_t length = fields.u32();
  if (static_cast<wire::Type>(fields.u8()) != wire::Type::launch || length == 0 || length > kMostBytes)
    return std::nullopt;
  std::string body(length - 1, '\0');
  if (!read_all(socket, body.data(), body.size())) return std::nullopt;
  return wire::read_launch(body);
}

bool say_launched(int socket, wire::Launched launched, const std::vector<Descriptor>& listeners) {
  std::vector<int> descriptors;
  for (const Descriptor& listener : listeners) descriptors.push_back(listener.get());
  launched.listeners = static_cast<std::uint32_t>(descriptors.size());
  std::string frame;
  wire::write(frame, launched);
  for (std::string_view left = frame; !left.empty();) {
    const ssize_t sent = send_some(socket, left, descriptors);
    if (sent < 0 && !(again() && wait_for(socket, POLLOUT))) return false;
    if (sent <= 0) continue;
    descriptors.clear();
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

} // namespace plugboard::worker
