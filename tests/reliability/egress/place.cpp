#include "tests/reliability/egress/place.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace plugboard::test {

Place::Place(const std::string& address, int port, std::string head)
    : answer_(std::move(head) + "content-length: 2\r\nconnection: close\r\n\r\n{}") {
  sockaddr_storage self{};
  auto& four = reinterpret_cast<sockaddr_in&>(self);
  auto& six = reinterpret_cast<sockaddr_in6&>(self);
  const bool is_six = address.find(':') != std::string::npos;
  self.ss_family = is_six ? AF_INET6 : AF_INET;
  ::inet_pton(self.ss_family, address.c_str(), is_six ? static_cast<void*>(&six.sin6_addr) : &four.sin_addr);
  (is_six ? six.sin6_port : four.sin_port) = htons(static_cast<std::uint16_t>(port));
  socklen_t size = is_six ? sizeof six : sizeof four;
  listener_ = Descriptor(::socket(self.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  const timeval patience{0, 20'000};
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (is_six) ::setsockopt(listener_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&self), size) != 0 ||
      ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&self), &size) != 0)
    throw std::runtime_error(address + " port " + std::to_string(port) + ": " + std::strerror(errno));
  port_ = ntohs(is_six ? six.sin6_port : four.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Place::~Place() {
  stopping_ = true;
  thread_.join();
}

void Place::serve() {
  while (!stopping_) {
    const Descriptor visitor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (visitor.get() < 0) continue;
    ++visits_;
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos)
      if (receive_some(visitor.get(), request, std::chrono::seconds(5)) <= 0) break;
    send_all(visitor.get(), answer_);
  }
}

} // namespace plugboard::test
