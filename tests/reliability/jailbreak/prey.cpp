#include "tests/reliability/jailbreak/prey.hpp"

#include <netinet/in.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace plugboard::jailbreak {
namespace {

using test::Descriptor;

constexpr key_t kSharedKeys = 0x504c0000; // one for each test that runs now

template <class Address>
Descriptor bound(int family, int type, const Address& address, std::size_t size = sizeof(Address)) {
  Descriptor socket(::socket(family, type | SOCK_CLOEXEC, 0));
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size)) != 0)
    throw std::runtime_error("a socket cannot be bound");
  if (type == SOCK_STREAM) ::listen(socket.get(), 8);
  return socket;
}

int port_of(const Descriptor& socket) { // at the same place for both families
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);
}

Descriptor bound_local(const std::string& name, bool abstract) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + (abstract ? 1 : 0), name.data(), name.size());
  return bound(AF_UNIX, SOCK_STREAM, address, offsetof(sockaddr_un, sun_path) + name.size() + 1);
}

void answer(int udp) {
  for (;;) {
    char byte;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(udp, &byte, 1, 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got != 1) return; // empty: its owner says so
    ::sendto(udp, &byte, 1, 0, reinterpret_cast<const sockaddr*>(&from), size);
  }
}

} // namespace

Prey::Prey(std::uint32_t worker_uid) {
  targets_["hub_pid"] = std::to_string(::getpid());
  make_files(worker_uid);
  make_sockets();
  const key_t key = kSharedKeys | (::getpid() & 0xffff);
  shared_ = ::shmget(key, 4096, IPC_CREAT | 0666);
  targets_["shared_key"] = std::to_string(key);
}

void Prey::make_files(std::uint32_t worker_uid) {
  for (const char* name : {"database", "key", "configuration"}) {
    targets_[name] = folder_.write(name, "a secret");
    ::chmod(targets_[name].c_str(), 0600);
  }
  targets_["other_plugin"] = folder_.write("other.so", "code");
  ::chmod(folder_.path().c_str(), 0755);
  for (const char* name : {"granted", "scratch"}) {
    ::mkdir((folder_ / name).c_str(), 0777);
    ::chmod((folder_ / name).c_str(), 0777);
  }
  const std::string mine = folder_.write("scratch/mine", "mine");
  if (worker_uid != 0 && ::chown(mine.c_str(), worker_uid, worker_uid) != 0) throw std::runtime_error("chown");
  folder_.write("granted/table", "granted");
  targets_["scratch"] = folder_ / "scratch";
  targets_["granted_outside"] = folder_ / "granted";
}

void Prey::make_sockets() {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  tcp_ = bound(AF_INET, SOCK_STREAM, four);
  udp_ = bound(AF_INET, SOCK_DGRAM, four);
  targets_["tcp_port"] = std::to_string(port_of(tcp_));
  targets_["udp_port"] = std::to_string(port_of(udp_));
  targets_["tcp6_port"] = "1";
  if (Descriptor any(::socket(AF_INET6, SOCK_STREAM, 0)); any.get() >= 0) {
    tcp6_ = bound(AF_INET6, SOCK_STREAM, six);
    targets_["tcp6_port"] = std::to_string(port_of(tcp6_));
  }
  targets_["socket_path"] = folder_ / "socket";
  local_ = bound_local(targets_["socket_path"], false);
  ::chmod(targets_["socket_path"].c_str(), 0777);
  targets_["socket_name"] = "plugboard-prey" + folder_.path();
  abstract_ = bound_local(targets_["socket_name"], true);
  answers_udp_ = std::thread(answer, udp_.get());
}

Prey::~Prey() {
  sockaddr_in6 own{};
  socklen_t size = sizeof own;
  ::getsockname(udp_.get(), reinterpret_cast<sockaddr*>(&own), &size);
  ::sendto(udp_.get(), "", 0, 0, reinterpret_cast<const sockaddr*>(&own), size);
  answers_udp_.join();
  if (shared_ >= 0) ::shmctl(shared_, IPC_RMID, nullptr);
}

std::string as_json(const std::map<std::string, std::string>& targets) {
  std::string text = "{";
  for (const auto& [name, value] : targets)
    text.append(text.size() > 1 ? "," : "").append("\"").append(name).append("\":\"").append(value).append("\"");
  return text + "}";
}

} // namespace plugboard::jailbreak
