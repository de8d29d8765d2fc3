#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace plugboard::jailbreak {
namespace {

constexpr int kMptcp = 262, kPatience = 300; // ms

int made(int socket) {
  if (socket < 0) return errno;
  ::close(socket);
  return 0;
}

template <class Address>
int connected(int socket, const Address& address, std::size_t size = sizeof(Address)) {
  if (socket < 0) return errno;
  const int why = outcome(::connect(socket, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size)));
  ::close(socket);
  return why;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connect_tcp(const Targets& t) {
  return connected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), loopback(number(t, "tcp_port")));
}

int connect_mptcp(const Targets& t) {
  return connected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, kMptcp), loopback(number(t, "tcp_port")));
}

int connect_tcp6(const Targets& t) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(number(t, "tcp6_port")));
  address.sin6_addr = in6addr_loopback;
  return connected(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), address);
}

int send_udp(const Targets& t) { // got through when it is answered
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const sockaddr_in address = loopback(number(t, "udp_port"));
  int why = outcome(::sendto(socket, "x", 1, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  pollfd answer{socket, POLLIN, 0};
  if (why == 0 && ::poll(&answer, 1, kPatience) != 1) why = ETIMEDOUT;
  ::close(socket);
  return why;
}

int listen_tcp(const Targets&) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno;
  const sockaddr_in any = loopback(0);
  int why = outcome(::bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any));
  if (why == 0) why = outcome(::listen(socket, 1));
  ::close(socket);
  return why;
}

sockaddr_un local(const std::string& name, std::size_t& size, bool abstract) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + (abstract ? 1 : 0), name.data(), name.size());
  size = offsetof(sockaddr_un, sun_path) + name.size() + 1;
  return address;
}

int connect_local_path(const Targets& t) {
  std::size_t size = 0;
  const sockaddr_un address = local(target(t, "socket_path"), size, false);
  return connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), address, size);
}

int connect_local_abstract(const Targets& t) {
  std::size_t size = 0;
  const sockaddr_un address = local(target(t, "socket_name"), size, true);
  return connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), address, size);
}

int pair_of_sockets(const Targets&) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  ::close(ends[0]);
  ::close(ends[1]);
  return 0;
}

int ask_netlink(const Targets&) {
  return made(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
}

int reach_machine_below(const Targets&) {
  return made(::socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

int forge_packets(const Targets&) {
  return made(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

int read_packets(const Targets&) {
  return made(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

int use_kernel_crypto(const Targets&) {
  return made(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

} // namespace

std::vector<Attempt> on_networks() {
  return {{"connect_tcp", connect_tcp},
          {"connect_tcp6", connect_tcp6},
          {"connect_mptcp", connect_mptcp},
          {"send_udp", send_udp},
          {"listen_tcp", listen_tcp},
          {"connect_local_path", connect_local_path},
          {"connect_local_abstract", connect_local_abstract},
          {"pair_of_sockets", pair_of_sockets},
          {"ask_netlink", ask_netlink},
          {"reach_machine_below", reach_machine_below},
          {"forge_packets", forge_packets},
          {"read_packets", read_packets},
          {"use_kernel_crypto", use_kernel_crypto}};
}

} // namespace plugboard::jailbreak
