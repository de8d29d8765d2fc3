// RFC 5424 messages, one a record, facility "log audit": as datagrams to a Unix socket or over UDP, as octet-counted
// frames (RFC 6587) over a stream. Never blocks longer than it is told to.
#include "core/audit/sink.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

namespace plugboard::audit {
namespace {

constexpr std::string_view kUnix = "unix:", kUdp = "udp:", kTcp = "tcp:";

struct Place {
  sockaddr_storage address{};
  socklen_t size = 0;
  int type = SOCK_DGRAM;
};

Error wrong(const std::string& address, const std::string& why) {
  return fail(Code::invalid_argument,
              "\"" + address + "\" " + why + "; write unix:PATH, udp:ADDRESS:PORT or tcp:ADDRESS:PORT", "audit");
}

Result<Place> unix_place(const std::string& address) {
  Place place;
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const auto path = address.substr(kUnix.size());
  if (path.empty() || path[0] != '/' || path.size() >= sizeof name.sun_path)
    return wrong(address, "must name an absolute path of at most 107 bytes");
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  std::memcpy(&place.address, &name, sizeof name);
  place.size = sizeof name;
  return place;
}

Result<Place> place_of(const std::string& address) {
  if (address.starts_with(kUnix)) return unix_place(address);
  const bool is_tcp = address.starts_with(kTcp);
  if (!is_tcp && !address.starts_with(kUdp)) return wrong(address, "has no kind");
  const auto rest = address.substr(kTcp.size());
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos) return wrong(address, "has no port");
  auto host = rest.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = is_tcp ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), rest.substr(colon + 1).c_str(), &hints, &found) != 0)
    return wrong(address, "must have a numeric address and port: a name could not be looked up in time");
  Place place;
  place.type = hints.ai_socktype;
  place.size = found->ai_addrlen;
  std::memcpy(&place.address, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return place;
}

std::string message_of(std::string_view record) {
  constexpr std::string_view kTime = "\"time\":\"";
  const auto at = record.find(kTime);
  const auto begin = at == std::string_view::npos ? at : at + kTime.size();
  const auto time = at == std::string_view::npos ? "-" : record.substr(begin, record.find('"', begin) - begin);
  std::string message = "<110>1 "; // log audit (13), informational (6)
  message += time;
  message += " - plugboard - audit - ";
  message += record;
  return message;
}

class Syslog final : public Sink {
 public:
  Syslog(Place place, std::string name) : place_(place), name_(std::move(name)) {}

  ~Syslog() override { hang_up(); }

  Syslog(const Syslog&) = delete;
  Syslog& operator=(const Syslog&) = delete;

  Result<void> send(std::string_view record, std::chrono::milliseconds patience) override {
    if (descriptor_ < 0)
      if (auto connected = connect(patience); !connected) return connected;
    if (rest_.empty()) {
      rest_ = message_of(record);
      if (place_.type == SOCK_STREAM) rest_.insert(0, std::to_string(rest_.size()) + " ");
    }
    while (!rest_.empty()) {
      const auto sent = ::send(descriptor_, rest_.data(), rest_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) {
        rest_.erase(0, static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
        if (!is_ready(patience)) return failed("does not take the records in time"); // the rest comes first next time
      } else if (errno != EINTR) {
        return lost("does not take a record");
      }
    }
    return {};
  }

 private:
  Error failed(const std::string& why) const {
    return fail(Code::unavailable, "the syslog server " + name_ + " " + why, "audit");
  }

  Error lost(const std::string& why) {
    auto error = failed(why + ": " + std::generic_category().message(errno));
    hang_up();
    return error;
  }

  void hang_up() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    rest_.clear(); // the whole record anew
  }

  bool is_ready(std::chrono::milliseconds patience) const {
    pollfd waiting{descriptor_, POLLOUT, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
  }

  Result<void> connect(std::chrono::milliseconds patience) {
    descriptor_ = ::socket(place_.address.ss_family, place_.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return lost("cannot be asked");
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&place_.address), place_.size) == 0) return {};
    if (errno == EPROTOTYPE && place_.type == SOCK_DGRAM) { // a Unix socket that is a stream
      hang_up();
      place_.type = SOCK_STREAM;
      return connect(patience);
    }
    if (errno != EINPROGRESS && errno != EAGAIN) return lost("does not answer");
    int fault = 0;
    socklen_t size = sizeof fault;
    if (!is_ready(patience)) fault = ETIMEDOUT;
    if (fault == 0) ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &fault, &size);
    if (fault == 0) return {};
    errno = fault;
    return lost("does not answer");
  }

  Place place_;
  std::string name_;
  int descriptor_ = -1;
  std::string rest_; // of the record under way
};

} // namespace

Result<void> check_syslog_address(const std::string& address) {
  const auto place = place_of(address);
  return place ? Result<void>() : place.error();
}

Result<std::unique_ptr<Sink>> syslog_sink(const SyslogOptions& options) {
  const auto place = place_of(options.address);
  if (!place) return place.error();
  return std::unique_ptr<Sink>(std::make_unique<Syslog>(*place, options.address));
}

} // namespace plugboard::audit
