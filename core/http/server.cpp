#include "core/http/server.hpp"

#include "core/base/insist.hpp"
#include "core/http/connection.hpp"
#include "core/http/crowd.hpp"
#include "core/http/listening_socket.hpp"
#include "core/http/response_writer.hpp"
#include "core/http/server_tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cerrno>
#include <unordered_map>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

using Executor = boost::asio::io_context::executor_type;
using Listener = boost::asio::posix::basic_stream_descriptor<Executor>;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::size_t kSpare = 32; // answers' memory that is kept for the next; about as many as are busy at once
constexpr std::size_t kScratch = 64 * 1024;
constexpr std::chrono::milliseconds kNobodyIdle{100};
constexpr std::size_t kShareThatGivesWay = 64; // the 64th part of all
constexpr int kAcceptsAtOnce = 32;             // so that a crowd at the door does not keep those inside waiting
constexpr std::size_t kCutsAtOnce = 64;        // nor one that is thrown out

// How often all connections are looked at: one timer a server costs a request nothing, at the price of cutting a slow
// client up to an eighth of the shortest limit late.
std::chrono::milliseconds sweep_period(const ServerLimits& limits) {
  const auto shortest = std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time});
  return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

class ListeningServer final : public Server {
 public:
  ListeningServer(boost::asio::io_context& io, const Endpoint& endpoint, const ServerLimits& limits, const Clock& clock,
                  Log& log, Metrics& metrics, Handler handler, const ServerTls* tls, ListeningSocket socket);
  ~ListeningServer() override;
  ListeningServer(const ListeningServer&) = delete;
  ListeningServer& operator=(const ListeningServer&) = delete;

  std::uint16_t port() const override { return port_; }

  void start() override { wait_for_clients(); }

  void drain(std::function<void()> drained) override;

  std::size_t connections() const override { return connections_.size(); }

 private:
  void wait_for_clients();
  void accept_all();
  void welcome(int fd, const sockaddr_storage& address);
  bool admit(const Peer& peer, Crowd::Place& place);
  bool make_room();
  void turn_away(Socket& socket);
  void arm_sweep();
  void sweep();
  void cut(std::vector<std::shared_ptr<Connection>> late);
  void forget(Connection& connection);
  void stop_listening();
  void tell_drained();

  boost::asio::io_context& io_;
  const std::uint16_t port_;
  std::string unix_path_; // ours to remove
  ino_t unix_inode_ = 0;
  Gauge& gauge_;
  ConnectionHost host_;
  const ServerTls* const tls_; // null: plain HTTP
  std::optional<Listener> listener_;
  Timer timer_;
  bool sweeping_ = false;
  bool out_of_descriptors_ = false;
  const std::shared_ptr<Crowd> crowd_;
  Instant look_for_room_again_; // nobody was idle the last time
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::function<void()> drained_;
  std::shared_ptr<char> alive_ = std::make_shared<char>(); // handlers hold it weakly: they may come too late
};

ListeningServer::ListeningServer(boost::asio::io_context& io, const Endpoint& endpoint, const ServerLimits& limits,
                                 const Clock& clock, Log& log, Metrics& metrics, Handler handler, const ServerTls* tls,
                                 ListeningSocket socket)
    : io_(io), port_(socket.port),
      gauge_(metrics.gauge("plugboard_http_connections", "Connections that clients have open")),
      host_{limits,
            clock,
            log,
            std::move(handler),
            DateLine(clock),
            Rejections(metrics),
            std::vector<char>(kScratch),
            [this](Connection& connection) { forget(connection); },
            tls != nullptr ? std::optional<Handshakes>(metrics) : std::nullopt,
            QueueAge(io, clock)},
      tls_(tls), listener_(std::in_place, io, socket.fd), timer_(io),
      crowd_(limits.crowd ? limits.crowd : std::make_shared<Crowd>(limits.connections, limits.connections_per_address)),
      look_for_room_again_(clock.now()) {
  host_.spare.reserve(kSpare);
  const auto* local = std::get_if<UnixEndpoint>(&endpoint);

  struct stat info {};

  if (local && ::lstat(local->path.c_str(), &info) == 0) {
    unix_path_ = local->path;
    unix_inode_ = info.st_ino;
  }
}

ListeningServer::~ListeningServer() {
  alive_.reset();
  stop_listening();
  const auto connections = std::move(connections_);
  for (const auto& [address, connection] : connections) connection->abandon();
  gauge_.add(-static_cast<double>(connections.size()));
}

void ListeningServer::stop_listening() {
  if (!listener_) return;
  listener_.reset();

  struct stat info {};

  if (!unix_path_.empty() && ::lstat(unix_path_.c_str(), &info) == 0 && info.st_ino == unix_inode_)
    ::unlink(unix_path_.c_str());
}

void ListeningServer::wait_for_clients() {
  if (!listener_) return;
  insist([this] { // else it would be deaf for good
    listener_->async_wait(Listener::wait_read,
                          [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
                            if (!alive.expired() && !error) accept_all();
                          });
  });
}

void ListeningServer::accept_all() {
  const std::weak_ptr alive = alive_; // a handler may let the server go
  for (int i = 0; i < kAcceptsAtOnce && listener_; ++i) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd = ::accept4(listener_->native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
      host_.log.warn("http.accept_failed", {{"reason", "no descriptors or memory left; raise LimitNOFILE"}});
      out_of_descriptors_ = true; // accepting again at once would only spin: the next sweep does
      return arm_sweep();
    }
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (fd >= 0) { // else the client has given up already
      try {        // the root of a connection, until it is one
        welcome(fd, address);
      } catch (const std::exception& error) {
        if (!alive.expired()) host_.log.error("http.accept_failed", {{"reason", error.what()}});
      }
    }
    if (alive.expired()) return;
  }
  wait_for_clients();
}

void ListeningServer::welcome(int fd, const sockaddr_storage& address) {
  auto socket = Socket::adopt(io_, fd);
  if (!socket) return;
  auto peer = peer_of(fd, address);
  Crowd::Place place;
  if (!admit(peer, place)) return turn_away(*socket);
  auto transport = tls_ != nullptr ? tls_->wrap(*std::move(socket)) : plain_transport(*std::move(socket));
  if (!transport) return;
  auto connection = std::make_shared<Connection>(host_, std::move(transport), std::move(peer), std::move(place));
  connections_.emplace(connection.get(), connection);
  gauge_.add(1);
  arm_sweep();
  connection->begin();
}

bool ListeningServer::admit(const Peer& peer, Crowd::Place& place) {
  auto entry = crowd_->enter(peer.address, place);
  if (entry == Crowd::Entry::full && make_room()) entry = crowd_->enter(peer.address, place);
  if (entry == Crowd::Entry::full) host_.rejections.connections().add();
  if (entry == Crowd::Entry::too_many_from_there) host_.rejections.address().add();
  return entry == Crowd::Entry::welcome;
}

// Closes those that have been idle for longest, a few at once: looking at all for each newcomer would cost too much.
bool ListeningServer::make_room() {
  const auto now = host_.clock.now();
  if (now < look_for_room_again_) return false;
  std::vector<std::pair<Instant, std::shared_ptr<Connection>>> idle;
  for (const auto& [address, connection] : connections_)
    if (const auto since = connection->idle_since()) idle.emplace_back(*since, connection);
  if (idle.empty()) {
    look_for_room_again_ = now + kNobodyIdle;
    return false;
  }
  const auto few = std::min(idle.size(), connections_.size() / kShareThatGivesWay + 1);
  std::partial_sort(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(few), idle.end(),
                    [](const auto& one, const auto& other) { return one.first < other.first; });
  idle.resize(few);
  for (const auto& [since, connection] : idle) connection->give_way();
  host_.rejections.idle().add(static_cast<double>(few));
  return true;
}

void ListeningServer::turn_away(Socket& socket) {
  if (tls_ != nullptr) return; // a word would cost what is saved here
  std::string bytes;
  write_response(bytes, problem({503, {}}), {host_.date.get(), true, false});
  socket.write(bytes);
}

void ListeningServer::arm_sweep() {
  if (sweeping_) return;
  sweeping_ = true;
  timer_.expires_after(sweep_period(host_.limits));
  insist([this] {
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
      if (!alive.expired() && !error) sweep();
    });
  });
}

void ListeningServer::sweep() {
  sweeping_ = false;
  if (std::exchange(out_of_descriptors_, false)) wait_for_clients();
  if (!connections_.empty()) arm_sweep(); // first: whatever happens to one of them now, others are late later
  const auto now = host_.clock.now();
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& [address, connection] : connections_)
    if (connection->late(now)) late.push_back(connection);
  cut(std::move(late));
}

void ListeningServer::cut(std::vector<std::shared_ptr<Connection>> late) {
  const auto now = host_.clock.now();
  const std::weak_ptr alive = alive_;
  for (std::size_t i = 0; i < kCutsAtOnce && !late.empty(); ++i) {
    const auto connection = std::move(late.back());
    late.pop_back();
    connection->cut(now);
    if (alive.expired()) return;
  }
  if (late.empty()) return;
  boost::asio::post(io_, [this, alive, late = std::move(late)]() mutable {
    if (!alive.expired()) cut(std::move(late));
  });
}

void ListeningServer::forget(Connection& connection) {
  connections_.erase(&connection);
  gauge_.add(-1);
  if (connections_.empty() && drained_) tell_drained();
}

void ListeningServer::drain(std::function<void()> drained) {
  stop_listening();
  host_.draining = true;
  drained_ = std::move(drained);
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [address, connection] : connections_) all.push_back(connection);
  if (all.empty()) return tell_drained();
  for (const auto& connection : all) connection->drain();
}

void ListeningServer::tell_drained() {
  boost::asio::post(io_, [alive = std::weak_ptr(alive_), drained = std::exchange(drained_, nullptr)] {
    if (drained && !alive.expired()) drained();
  });
}

} // namespace

Result<std::unique_ptr<Server>> Server::listen(boost::asio::io_context& io, const Endpoint& endpoint,
                                               const ServerLimits& limits, const Clock& clock, Log& log,
                                               Metrics& metrics, Handler handler, const ServerTls* tls) {
  const auto socket = open_listening_socket(endpoint);
  if (!socket) return socket.error();
  return std::unique_ptr<Server>(
      std::make_unique<ListeningServer>(io, endpoint, limits, clock, log, metrics, std::move(handler), tls, *socket));
}

} // namespace plugboard::http
