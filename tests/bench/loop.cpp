#include "tests/bench/loop.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace plugboard::bench {
namespace {

constexpr std::size_t kEventsATurn = 256;

[[noreturn]] void complain(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void send_at_once(int fd) {
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

} // namespace

Nanoseconds now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_(kEventsATurn) {
  if (epoll_.get() < 0) complain("epoll");
}

void Loop::add(std::unique_ptr<Watcher> watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watcher.get();
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, watcher->fd(), &event) != 0) complain("epoll_ctl");
  watchers_.emplace(watcher.get(), std::move(watcher));
}

void Loop::listen_for(Watcher& watcher, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, watcher.fd(), &event) != 0) complain("epoll_ctl");
}

void Loop::release(Watcher& watcher) {
  const auto found = watchers_.find(&watcher);
  if (found == watchers_.end()) return;
  watcher.gone_ = true;
  watcher.socket_.close();
  released_.push_back(std::move(found->second));
  watchers_.erase(found);
}

void Loop::turn(Nanoseconds wait) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
  const timespec patience{seconds.count(), (wait - seconds).count()};
  const int count = ::epoll_pwait2(epoll_.get(), events_.data(), static_cast<int>(events_.size()), &patience, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& watcher = *static_cast<Watcher*>(events_[static_cast<std::size_t>(i)].data.ptr);
    if (!watcher.gone()) watcher.ready(events_[static_cast<std::size_t>(i)].events);
  }
  released_.clear();
}

test::Descriptor listening(int& port) {
  test::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  auto address = loopback(port);
  socklen_t size = sizeof address;
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket.get(), 4096) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    complain("no port to listen on");
  port = ntohs(address.sin_port);
  return socket;
}

test::Descriptor connected(int port) {
  test::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto address = loopback(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS)
    complain("no connection to port " + std::to_string(port));
  send_at_once(socket.get());
  return socket;
}

test::Descriptor accepted(int listener) {
  test::Descriptor socket(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.get() >= 0) send_at_once(socket.get());
  return socket;
}

} // namespace plugboard::bench
