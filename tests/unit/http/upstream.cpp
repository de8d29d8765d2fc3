#include "tests/unit/http/upstream.hpp"

#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace plugboard::http {

namespace {

// OpenSSL writes to a connection that the hub has closed. For this thread alone: the hub's must not rely on it.
void without_sigpipe() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

// A close with bytes unread (an HTTP/2 client's last SETTINGS, say) resets the connection, and what was sent and not
// yet read at the other end is lost.
void hear_out(int fd) {
  const timeval limit{0, 500'000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::shutdown(fd, SHUT_WR);
  std::array<char, 4096> unread{};
  for (int reads = 0; reads < 1000 && ::recv(fd, unread.data(), unread.size(), 0) > 0; ++reads) {}
}

} // namespace

Conversation::Conversation(int fd, ssl_ctx_st* tls, int number) : fd_(fd), number_(number) {
  const timeval limit{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (tls == nullptr) return;
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, fd_);
  failed_ = SSL_accept(ssl_) != 1;
}

Conversation::~Conversation() {
  if (ssl_ != nullptr && !failed_) SSL_shutdown(ssl_);
  SSL_free(ssl_);
  if (fd_ < 0) return;
  if (!failed_) hear_out(fd_);
  ::close(fd_);
}

bool Conversation::resumed() const {
  return ssl_ != nullptr && SSL_session_reused(ssl_) == 1;
}

bool Conversation::receive() {
  std::array<char, 16384> bytes{};
  const auto got = ssl_ != nullptr ? SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                   : static_cast<int>(::recv(fd_, bytes.data(), bytes.size(), 0));
  if (got <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::string Conversation::take() {
  if (buffer_.empty() && !failed_) receive();
  return std::exchange(buffer_, {});
}

std::optional<std::string> Conversation::request() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (failed_ || !receive()) return std::nullopt;
  const auto length = buffer_.find("content-length: ");
  const auto body = length < end ? static_cast<std::size_t>(std::atoll(buffer_.c_str() + length + 16)) : 0;
  while (buffer_.size() < end + 4 + body)
    if (!receive()) return std::nullopt;
  auto request = buffer_.substr(0, end + 4 + body);
  buffer_.erase(0, request.size());
  return request;
}

void Conversation::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                      : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Conversation::answer(std::string_view body, std::string_view more_headers) {
  send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more_headers) +
       "\r\n" + std::string(body));
}

bool Conversation::hub_closed() {
  errno = 0;
  while (receive()) {}
  return errno != EAGAIN;
}

void Conversation::cut() {
  failed_ = true;
  ::shutdown(fd_, SHUT_WR);
  hub_closed();
}

void Conversation::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(fd_, -1));
}

Upstream::Upstream(Script script, const Certificate* certificate, int max_tls_version, const char* protocol,
                   std::uint16_t port)
    : script_(std::move(script)) {
  if (certificate != nullptr) tls_ = server_context(*certificate, max_tls_version, protocol);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_port = htons(port);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener_, 1024);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

void Upstream::accept() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int number = ++connections_;
    conversations_.emplace_back([this, fd, number] {
      without_sigpipe();
      Conversation conversation(fd, tls_, number);
      script_(conversation);
    });
  }
}

Upstream::~Upstream() { // after the client, or once its connections are closed
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& conversation : conversations_) conversation.join();
  SSL_CTX_free(tls_);
}

std::string Upstream::url(const std::string& target) const {
  return (tls_ != nullptr ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_) + target;
}

} // namespace plugboard::http
