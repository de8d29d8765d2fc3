#include "tests/reliability/edge/tap.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <stdexcept>

namespace plugboard::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void send_at_once(const Descriptor& socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

Tap::Tap(int hub_port) : hub_port_(hub_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 128) != 0)
    throw std::runtime_error("a tap finds no port");
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

Tap::~Tap() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& proxy : proxies_) ::shutdown(proxy.get(), SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

std::vector<Tapped> Tap::connections() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void Tap::accept_all() {
  for (;;) {
    Descriptor proxy(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (proxy.get() < 0) return;
    const std::lock_guard lock(mutex_);
    seen_.emplace_back();
    proxies_.push_back(std::move(proxy));
    threads_.emplace_back([this, index = seen_.size() - 1, &mine = proxies_.back()] { pass(index, mine); });
  }
}

// Until either side ends; then both are closed, in their own directions.
void Tap::pass(std::size_t index, const Descriptor& proxy) {
  const Descriptor hub(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(hub_port_);
  if (::connect(hub.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  send_at_once(proxy);
  send_at_once(hub);
  const int sides[] = {proxy.get(), hub.get()};
  pollfd open[] = {{proxy.get(), POLLIN, 0}, {hub.get(), POLLIN, 0}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (::poll(open, 2, -1) < 0) break;
    for (int side = 0; side < 2; ++side) {
      if (open[side].fd < 0 || !open[side].revents) continue;
      std::string bytes;
      const bool more = receive_some(sides[side], bytes, std::chrono::milliseconds(0)) > 0;
      {
        const std::lock_guard lock(mutex_); // before it is passed on: who has an answer finds it here
        (side == 0 ? seen_[index].asked : seen_[index].answered) += bytes;
      }
      if (more && send_all(sides[1 - side], bytes)) continue;
      open[side].fd = -1;
      ::shutdown(sides[1 - side], SHUT_WR);
    }
  }
  ::shutdown(proxy.get(), SHUT_RDWR);
}

} // namespace plugboard::test
