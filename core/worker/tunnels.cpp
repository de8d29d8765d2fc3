#include "core/worker/tunnels.hpp"

#include "core/wire/launch.hpp"
#include "core/worker/layers.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

namespace plugboard::worker {
namespace {

constexpr int kWaiting = 64;

std::string wake_loopback() {
  const Descriptor any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  if (!any || ::ioctl(any.get(), SIOCGIFFLAGS, &loopback) != 0) return failed("the worker's loopback");
  loopback.ifr_flags = static_cast<short>(loopback.ifr_flags | IFF_UP);
  return ::ioctl(any.get(), SIOCSIFFLAGS, &loopback) == 0 ? "" : failed("the worker's loopback");
}

Descriptor listen_on(const std::string& address, std::uint16_t port) {
  Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  if (!listener || ::inet_pton(AF_INET, address.c_str(), &at.sin_addr) != 1) return {};
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return {};
  if (::listen(listener.get(), kWaiting) != 0) return {};
  return listener;
}

} // namespace

std::string open_tunnels(const std::vector<std::uint16_t>& ports, std::vector<Descriptor>& listeners) {
  if (auto why = wake_loopback(); !why.empty()) return why;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string address = wire::tunnel_address(i);
    listeners.push_back(listen_on(address, ports[i]));
    if (!listeners.back()) return failed("listening on " + address + ":" + std::to_string(ports[i]));
  }
  return "";
}

} // namespace plugboard::worker
