#include "core/connector/tunnel.hpp"

#include "core/base/insist.hpp"
#include "core/connector/on_home.hpp"
#include "core/connector/passage.hpp"
#include "core/http/client.hpp"
#include "core/http/origin.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

constexpr int kAcceptsAtOnce = 16; // then others of this thread have their turn
constexpr std::chrono::milliseconds kRest{100};

std::string reason(int error) {
  return std::generic_category().message(error);
}

void set(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

// A server that vanished without a word: the plugin's own probes reach no further than the hub.
void notice_silence(int fd) {
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, 6);
}

Counter& counted(Metrics& metrics, std::string_view connector, std::string_view outcome) {
  return metrics.counter("plugboard_connector_tcp_connections_total",
                         "Connections that a plugin opened to its granted tcp: servers, by what became of them",
                         {{"connector", connector}, {"outcome", outcome}});
}

} // namespace

TunnelCounters::TunnelCounters(Metrics& metrics, std::string_view connector)
    : carried(counted(metrics, connector, "carried")), unreachable(counted(metrics, connector, "unreachable")),
      denied(counted(metrics, connector, "denied")), too_many(counted(metrics, connector, "too_many")) {}

// What lives on the home's thread.
class Tunnel::Mouth : public std::enable_shared_from_this<Mouth> {
 public:
  Mouth(Parts parts, http::Socket listener)
      : parts_(std::move(parts)), listener_(std::move(listener)), rest_(parts_.home.io) {}

  void listen();
  void close();

 private:
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;

  struct Connection {
    std::optional<http::Socket> near; // until the server is reached
    http::Client::Id dialling = 0;
    std::shared_ptr<Passage> passage{};
  };

  class Again;
  void heard();
  void rest();
  void accept_some();
  void welcome(int fd);
  void reached(std::uint64_t id, Result<std::unique_ptr<http::Transport>> far);
  void complain_of(const Error& error);
  void complain(Counter& counter, const std::string& why);

  const Parts parts_;
  std::optional<http::Socket> listener_; // none: closed
  Timer rest_;
  bool tired_ = false; // there is no descriptor left
  std::map<std::uint64_t, Connection> connections_;
  std::uint64_t last_ = 0;
};

// Insists: without this wait nobody would be heard any more.
void Tunnel::Mouth::listen() {
  insist([this] {
    listener_->when_readable([weak = weak_from_this()](const boost::system::error_code& cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self && self->listener_) self->heard();
    });
  });
}

void Tunnel::Mouth::rest() {
  rest_.expires_after(kRest);
  insist([this] {
    rest_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self && self->listener_) self->listen();
    });
  });
}

class Tunnel::Mouth::Again { // listens on, however the last connection fared
 public:
  explicit Again(Mouth& mouth) : mouth_(mouth) {}

  ~Again() {
    if (mouth_.listener_) std::exchange(mouth_.tired_, false) ? mouth_.rest() : mouth_.listen();
  }

  Again(const Again&) = delete;
  Again& operator=(const Again&) = delete;

 private:
  Mouth& mouth_;
};

void Tunnel::Mouth::heard() {
  const Again again(*this);
  accept_some();
}

void Tunnel::Mouth::accept_some() {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const int fd = ::accept4(listener_->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      welcome(fd);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return;
    if (errno == EINTR || errno == ECONNABORTED) continue;
    tired_ = true;
    return complain(parts_.counters.unreachable, "its connection can't be taken: " + reason(errno));
  }
}

void Tunnel::Mouth::welcome(int fd) {
  auto near = http::Socket::adopt(parts_.home.io, fd);
  if (!near) return complain(parts_.counters.unreachable, "its connection can't be taken: " + reason(errno));
  if (connections_.size() >= kMostConnections) {
    near->reset_at_close();
    return complain(parts_.counters.too_many, "it has " + std::to_string(kMostConnections) +
                                                  " connections already, which is as many as there may be");
  }
  set(near->fd(), IPPROTO_TCP, TCP_NODELAY, 1);
  const auto id = ++last_;
  Connection connection{std::move(near)};
  connection.dialling = parts_.home.http.connect(
      {false, parts_.server.host, parts_.server.port}, parts_.server.reach,
      [this, id](Result<std::unique_ptr<http::Transport>> far) { reached(id, std::move(far)); });
  connections_.emplace(id, std::move(connection));
}

// Where there is no memory for it, the connection is closed.
void Tunnel::Mouth::reached(std::uint64_t id, Result<std::unique_ptr<http::Transport>> far) {
  auto kept = connections_.extract(id);
  if (kept.empty()) return; // there was no memory to keep it
  Connection& connection = kept.mapped();
  connection.dialling = 0;
  if (!far) {
    connection.near->reset_at_close();
    return complain_of(far.error());
  }
  notice_silence((*far)->socket().fd());
  const auto passage = std::make_shared<Passage>(parts_.home.io, *std::exchange(connection.near, std::nullopt),
                                                 std::move(*far), [this, id] { connections_.erase(id); });
  connection.passage = passage;
  connections_.insert(std::move(kept));
  parts_.counters.carried.add();
  passage->begin();
}

void Tunnel::Mouth::complain_of(const Error& error) {
  const auto origin = http::name_of({false, parts_.server.host, parts_.server.port});
  auto why = error.message;
  if (why.starts_with(origin + " ")) why.erase(0, origin.size() + 1);
  complain(error.code == Code::denied ? parts_.counters.denied : parts_.counters.unreachable, why);
}

void Tunnel::Mouth::complain(Counter& counter, const std::string& why) {
  counter.add();
  parts_.log.noticed("plugin.tcp", name_of(parts_.server) + " " + why);
}

void Tunnel::Mouth::close() {
  listener_.reset();
  rest_.cancel();
  for (auto& [id, connection] : std::exchange(connections_, {})) {
    if (connection.dialling != 0) parts_.home.http.abandon(connection.dialling);
    if (connection.near) connection.near->reset_at_close();
    if (connection.passage) connection.passage->cut();
  }
}

Tunnel::Tunnel(Home& home, std::shared_ptr<Mouth> mouth) : home_(home), mouth_(std::move(mouth)) {}

Result<std::unique_ptr<Tunnel>> Tunnel::open(Parts parts, int listener) {
  Home& home = parts.home;
  const auto name = name_of(parts.server);
  auto socket = http::Socket::adopt(home.io, listener);
  if (!socket || ::fcntl(socket->fd(), F_SETFL, O_NONBLOCK) != 0)
    return fail(Code::io, name + " can't be listened for: " + reason(errno));
  auto mouth = std::make_shared<Mouth>(std::move(parts), std::move(*socket));
  std::unique_ptr<Tunnel> tunnel(new Tunnel(home, mouth));
  run_on_home(home, [&] { mouth->listen(); });
  return tunnel;
}

Tunnel::~Tunnel() {
  run_on_home(home_, [this] {
    mouth_->close();
    mouth_.reset();
  });
}

} // namespace plugboard::connector
