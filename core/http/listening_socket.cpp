#include "core/http/listening_socket.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

constexpr int kBacklog = 1024;
constexpr int kUnsent = 16 * 1024; // bytes of an answer that the kernel holds ready for each client beside what is on
                                   // its way; a window of a few bytes would have it cut all of a big answer into
                                   // thousands of packets, with some 500 bytes of memory for each

std::string reason(int error) {
  return std::generic_category().message(error);
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
};

class Descriptor { // closes what it was not asked to release
 public:
  explicit Descriptor(int fd) : fd_(fd) {}

  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Result<Address> address_of(const TcpEndpoint& endpoint) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint.port);
    address.size = sizeof(sockaddr_in);
  } else if (::inet_pton(AF_INET6, endpoint.address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    address.size = sizeof(sockaddr_in6);
  } else {
    return fail(Code::io, "cannot listen on '" + endpoint.address + "': write a numeric address, such as 127.0.0.1");
  }
  return address;
}

Result<Address> address_of(const std::string& path) {
  Address address;
  auto* local = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.size() >= sizeof(local->sun_path))
    return fail(Code::io, "cannot listen on the socket '" + path + "': its path must have 1 to " +
                              std::to_string(sizeof(local->sun_path) - 1) + " bytes; choose a shorter folder");
  local->sun_family = AF_UNIX;
  std::memcpy(local->sun_path, path.c_str(), path.size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

std::string advice(int error) {
  if (error == EADDRINUSE) return "; another program has this port: stop it, or choose another port";
  if (error == EACCES) return "; a port below 1024 needs a privilege: choose a higher one";
  if (error == EADDRNOTAVAIL) return "; this machine has no such address";
  return "";
}

Result<ListeningSocket> open_tcp(const TcpEndpoint& endpoint) {
  auto address = address_of(endpoint);
  if (!address) return address.error();
  const auto where = endpoint.address + ":" + std::to_string(endpoint.port);
  Descriptor socket(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto set = [&](int level, int option, int value = 1) {
    return ::setsockopt(socket.get(), level, option, &value, sizeof value) == 0;
  };
  const auto allow = [&](int option) { return set(SOL_SOCKET, option); };
  // A connection has these from the socket that it came in by.
  const auto prepare = [&] { return set(IPPROTO_TCP, TCP_NODELAY) && set(IPPROTO_TCP, TCP_NOTSENT_LOWAT, kUnsent); };
  // Who does not join binds without SO_REUSEPORT, so that a port which another hub has is an error, and opens the port
  // to those who join afterwards.
  const bool listening = socket.get() >= 0 && allow(SO_REUSEADDR) && (!endpoint.join || allow(SO_REUSEPORT)) &&
                         ::bind(socket.get(), address->raw(), address->size) == 0 && allow(SO_REUSEPORT) && prepare() &&
                         ::listen(socket.get(), kBacklog) == 0 &&
                         ::getsockname(socket.get(), address->raw(), &address->size) == 0;
  const int error = errno;
  if (!listening) return fail(Code::io, "cannot listen on " + where + ": " + reason(error) + advice(error));
  const bool v4 = address->storage.ss_family == AF_INET;
  const auto port = v4 ? reinterpret_cast<sockaddr_in*>(&address->storage)->sin_port
                       : reinterpret_cast<sockaddr_in6*>(&address->storage)->sin6_port;
  return ListeningSocket{socket.release(), ntohs(port)};
}

// Takes away a socket that nobody listens on any more; anything else that lies there stays, and is an error.
Result<void> clear_stale(const std::string& path, Address& address) {
  struct stat info {};

  if (::lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISSOCK(info.st_mode))
    return fail(Code::io, "cannot listen on the socket '" + path + "': a file lies there; move it or choose another");
  Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const bool refused =
      probe.get() >= 0 && ::connect(probe.get(), address.raw(), address.size) != 0 && errno == ECONNREFUSED;
  if (!refused)
    return fail(Code::io, "cannot listen on the socket '" + path +
                              "': another program listens there already; stop it, or choose another path");
  if (::unlink(path.c_str()) != 0)
    return fail(Code::io, "cannot replace the stale socket '" + path + "': " + reason(errno));
  return {};
}

Result<ListeningSocket> open_unix(const std::string& path) {
  auto address = address_of(path);
  if (!address) return address.error();
  if (auto cleared = clear_stale(path, *address); !cleared) return cleared.error();
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // The mode is set before bind makes the file: there is no moment in which others could connect.
  const bool listening = socket.get() >= 0 && ::fchmod(socket.get(), S_IRUSR | S_IWUSR) == 0 &&
                         ::bind(socket.get(), address->raw(), address->size) == 0 &&
                         ::listen(socket.get(), kBacklog) == 0;
  if (!listening)
    return fail(Code::io, "cannot listen on the socket '" + path + "': " + reason(errno) +
                              "; its folder must exist and be writable");
  return ListeningSocket{socket.release(), 0};
}

} // namespace

Result<ListeningSocket> open_listening_socket(const Endpoint& endpoint) {
  if (const auto* tcp = std::get_if<TcpEndpoint>(&endpoint)) return open_tcp(*tcp);
  return open_unix(std::get<UnixEndpoint>(endpoint).path);
}

Peer peer_of(int fd, const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr, text, sizeof text);
    return {text, std::nullopt, {}};
  }
  if (address.ss_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr, text, sizeof text);
    return {text, std::nullopt, {}};
  }
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {"unix", std::nullopt, {}};
  return {"unix", credentials.uid, {}};
}

} // namespace plugboard::http
