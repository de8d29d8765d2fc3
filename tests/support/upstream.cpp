#include "tests/support/upstream.hpp"

#include "tests/support/process.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

namespace plugboard::test {

namespace {

constexpr std::chrono::hours kForever{1};

// One request from what has been received; false while it is not all there.
bool take_request(std::string& received, UpstreamRequest& request) {
  const auto head_end = received.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  const auto line_end = received.find("\r\n");
  const auto first = received.find(' ');
  const auto second = received.find(' ', first + 1);
  request.method = received.substr(0, first);
  request.target = received.substr(first + 1, second - first - 1);
  request.path = request.target.substr(0, request.target.find('?'));
  for (auto at = line_end; at < head_end;) {
    const auto end = received.find("\r\n", at + 2);
    const auto colon = received.find(':', at);
    auto name = received.substr(at + 2, colon - at - 2);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto value = received.find_first_not_of(' ', colon + 1);
    request.headers[name] = received.substr(value, end - value);
    at = end;
  }
  const auto length = request.headers.contains("content-length") ? std::stoul(request.headers["content-length"]) : 0;
  if (received.size() < head_end + 4 + length) return false;
  request.body = received.substr(head_end + 4, length);
  received.erase(0, head_end + 4 + length);
  return true;
}

std::string bytes_of(const UpstreamReply& reply) {
  if (!reply.raw.empty()) return reply.raw;
  return "HTTP/1.1 " + std::to_string(reply.status) + " As scripted\r\nContent-Type: " + reply.content_type +
         "\r\nContent-Length: " + std::to_string(reply.body.size()) +
         (reply.close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n") + reply.body;
}

} // namespace

Upstream::Upstream(int port) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 256) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the upstream has no port to listen on");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

Upstream::~Upstream() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    for (auto& socket : sockets_) ::shutdown(socket.get(), SHUT_RDWR);
  }
  changed_.notify_all();
  accepting_.join();
  for (auto& thread : threads_) thread.join();
}

void Upstream::accept_all() {
  for (;;) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::lock_guard lock(mutex_);
    if (socket.get() < 0 || stopping_) return;
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const int fd = socket.get();
    sockets_.push_back(std::move(socket));
    open_.push_back(true);
    threads_.emplace_back([this, fd, connection = static_cast<int>(sockets_.size())] { serve(connection, fd); });
  }
}

void Upstream::serve(int connection, int fd) {
  std::string received;
  for (bool going = true; going;) {
    UpstreamRequest request;
    request.connection = connection;
    while (!take_request(received, request))
      if (receive_some(fd, received, kForever) <= 0) {
        going = false;
        break;
      }
    going = going && remember(request) && reply_to(request, fd);
  }
  ::shutdown(fd, SHUT_RDWR);
  std::lock_guard lock(mutex_);
  open_[static_cast<std::size_t>(connection - 1)] = false;
  changed_.notify_all();
}

bool Upstream::remember(UpstreamRequest request) {
  std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  return !stopping_;
}

bool Upstream::reply_to(const UpstreamRequest& request, int fd) {
  Handler handler;
  {
    std::lock_guard lock(mutex_);
    if (auto at = handlers_.find(request.path); at != handlers_.end()) handler = at->second;
  }
  const auto reply = handler ? handler(request) : UpstreamReply{.status = 404};
  if (reply.hang) return true; // goes on reading: what comes on this connection is remembered
  bool sent = send_all(fd, bytes_of(reply));
  for (std::size_t i = 0; i < reply.times && sent; ++i) sent = send_all(fd, reply.again);
  return sent && !reply.close;
}

void Upstream::on(const std::string& path, Handler handler) {
  std::lock_guard lock(mutex_);
  handlers_[path] = std::move(handler);
}

void Upstream::on(const std::string& path, UpstreamReply reply) {
  on(path, [reply = std::move(reply)](const UpstreamRequest&) { return reply; });
}

bool Upstream::barrier(const std::string& name, std::size_t count) {
  std::unique_lock lock(mutex_);
  ++at_barrier_[name];
  changed_.notify_all();
  return changed_.wait_for(lock, kPatience, [&] { return stopping_ || at_barrier_[name] >= count; }) && !stopping_;
}

void Upstream::await(const std::string& name) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return stopping_ || opened_[name]; });
}

void Upstream::open(const std::string& name) {
  std::lock_guard lock(mutex_);
  opened_[name] = true;
  changed_.notify_all();
}

std::vector<UpstreamRequest> Upstream::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<UpstreamRequest> Upstream::requests(const std::string& path) const {
  auto found = requests();
  std::erase_if(found, [&](const auto& request) { return request.path != path; });
  return found;
}

std::size_t Upstream::connections() const {
  std::lock_guard lock(mutex_);
  return sockets_.size();
}

bool Upstream::is_open(int connection) const {
  std::lock_guard lock(mutex_);
  return open_.at(static_cast<std::size_t>(connection - 1));
}

} // namespace plugboard::test
