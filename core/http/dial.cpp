#include "core/http/dial.hpp"

#include "core/base/insist.hpp"
#include "core/http/origin.hpp"
#include "core/http/tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace plugboard::http {

Dial::Dial(const Surroundings& surroundings, Origin origin, ReachPtr reach, Done done)
    : around_(surroundings), origin_(std::move(origin)), reach_(std::move(reach)), done_(std::move(done)) {}

void Dial::begin() {
  expires_ = around_.clock.now() + around_.limits.connect_time;
  if (origin_.unix_path.size() >= sizeof(sockaddr_un::sun_path)) {
    last_reason_ = "its path is too long for a socket";
  } else if (!origin_.unix_path.empty()) {
    addresses_.emplace_back(boost::asio::local::stream_protocol::endpoint(origin_.unix_path));
  } else {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(origin_.host, error);
    if (error) return look_up();
    take({address});
  }
  boost::asio::post(around_.io, [self = shared_from_this()] { self->try_next(); });
}

void Dial::look_up() {
  set_timer(expires_);
  look_up_ = around_.resolver.look_up(origin_.host, [self = shared_from_this()](const Result<Addresses>& found) {
    self->look_up_ = 0;
    if (!self->done_) return;
    if (!found) return self->fail_with(found.error().message);
    self->take(*found);
    self->try_next();
  });
}

void Dial::take(const Addresses& addresses) {
  for (auto address = addresses.rbegin(); address != addresses.rend(); ++address) {
    auto objection = reach_ ? reach_->objection(*address) : std::string();
    if (objection.empty())
      addresses_.emplace_back(boost::asio::ip::tcp::endpoint(*address, origin_.port));
    else
      objection_ = std::move(objection);
  }
}

void Dial::too_late() {
  timer_.reset();
  next_after(transport_ ? "the TLS handshake took too long" : "no answer in time");
}

void Dial::next_after(std::string reason) {
  last_reason_ = std::move(reason);
  try_next();
}

void Dial::try_next() {
  if (!done_) return;
  ++attempt_;
  transport_.reset();
  socket_.reset();
  if (addresses_.empty() && last_reason_.empty() && !objection_.empty())
    return finish(fail(Code::denied, name_of(origin_) + " may not be reached: " + objection_, name_of(origin_)));
  while (!addresses_.empty() && around_.clock.now() < expires_) {
    give_each_its_share();
    const auto endpoint = addresses_.back();
    addresses_.pop_back();
    if (connect(endpoint)) return;
  }
  fail_with(last_reason_.empty() ? "no answer in time" : last_reason_);
}

// So that one address that swallows everything leaves time for the others.
void Dial::give_each_its_share() {
  const auto now = around_.clock.now();
  const auto share = (expires_ - now) / static_cast<Duration::rep>(addresses_.size());
  set_timer(now + share);
}

// Insists: what else fails here for want of memory ends when its time is over.
void Dial::set_timer(Instant at) {
  if (timer_) around_.timers.clear(*std::exchange(timer_, std::nullopt));
  insist([&] { timer_ = around_.timers.set(at, [this] { too_late(); }); });
}

bool Dial::connect(const Endpoint& endpoint) {
  const auto failed = [&] {
    last_reason_ = std::generic_category().message(errno);
    return false;
  };
  const int fd = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed();
  socket_ = Socket::adopt(around_.io, fd);
  if (!socket_) return failed();
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 && errno != EINPROGRESS)
    return failed();
  socket_->when_writable([self = shared_from_this(), attempt = attempt_](const boost::system::error_code& error) {
    if (!error && attempt == self->attempt_) self->connected();
  });
  return true;
}

void Dial::connected() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_->fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return next_after(std::generic_category().message(error));
  auto socket = *std::exchange(socket_, std::nullopt);
  transport_ = origin_.tls ? around_.tls.wrap(std::move(socket), origin_)
                           : plain_transport(std::move(socket), reach_ ? reach_->in_the_clear : Protocol::http_1_1);
  if (!transport_) return fail_with("the hub has no memory for it");
  greet();
}

void Dial::greet() {
  const auto moved = transport_->greet();
  const auto again = [self = shared_from_this(), attempt = attempt_](const boost::system::error_code& error) {
    if (!error && attempt == self->attempt_) self->greet();
  };
  switch (moved.io) {
  case Io::moved:
    return finish(std::move(transport_));
  case Io::wait_read:
    return transport_->socket().when_readable(again);
  case Io::wait_write:
    return transport_->socket().when_writable(again);
  case Io::ended:
  case Io::failed:
    return fail_with(moved.io == Io::ended ? "it closed the connection" : transport_->complaint());
  }
}

void Dial::fail_with(const std::string& reason) {
  finish(fail(Code::unreachable, name_of(origin_) + " cannot be reached: " + reason, name_of(origin_)));
}

void Dial::finish(Result<std::unique_ptr<Transport>> result) {
  const auto self = shared_from_this();
  const auto done = std::exchange(done_, nullptr);
  abandon();
  if (done) done(std::move(result));
}

void Dial::abandon() {
  done_ = nullptr;
  ++attempt_;
  if (timer_) around_.timers.clear(*std::exchange(timer_, std::nullopt));
  if (look_up_ != 0) around_.resolver.give_up(std::exchange(look_up_, 0));
  transport_.reset();
  socket_.reset();
}

} // namespace plugboard::http
