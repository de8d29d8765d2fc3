#include "tests/unit/http/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{20, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  return fd;
}

std::shared_ptr<SSL_CTX> context_for(const TlsOffer& offer) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), offer.min_version);
  SSL_CTX_set_max_proto_version(context.get(), offer.max_version);
  if (offer.min_version != 0 || !offer.ciphers.empty()) SSL_CTX_set_security_level(context.get(), 0);
  if (!offer.ciphers.empty()) SSL_CTX_set_cipher_list(context.get(), offer.ciphers.c_str());
  if (!offer.protocols.empty()) {
    const auto wire = static_cast<char>(offer.protocols.size()) + offer.protocols;
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(wire.data()),
                            static_cast<unsigned>(wire.size()));
  }
  if (offer.certificate != nullptr) {
    SSL_CTX_use_certificate(context.get(), offer.certificate->certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), offer.certificate->key.get());
    for (const auto& link : offer.chain) SSL_CTX_add1_chain_cert(context.get(), link.certificate.get());
  }
  return context;
}

} // namespace

TlsClient::TlsClient(std::uint16_t port, const TlsOffer& offer) : fd_(connect_to(port)) {
  const auto context = context_for(offer);
  ssl_ = SSL_new(context.get());
  SSL_set_fd(ssl_, fd_);
  if (offer.session) SSL_set_session(ssl_, offer.session.get());
  ERR_clear_error();
  greeted_ = SSL_connect(ssl_) == 1;
  if (!greeted_) complain();
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  if (fd_ >= 0) ::close(fd_);
}

void TlsClient::complain() {
  const auto code = ERR_get_error();
  if (!complaint_.empty()) return;
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  complaint_ = reason != nullptr ? reason : "the connection ended";
}

std::string TlsClient::version() const {
  return SSL_get_version(ssl_);
}

std::string TlsClient::cipher() const {
  return SSL_get_cipher_name(ssl_);
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::resumed() const {
  return SSL_session_reused(ssl_) == 1;
}

std::string TlsClient::server_name() const {
  auto* certificate = SSL_get0_peer_certificate(ssl_);
  std::array<char, 256> name{};
  if (certificate != nullptr)
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  return name.data();
}

void TlsClient::send(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  while (!bytes.empty() && SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent) == 1) bytes.remove_prefix(sent);
}

bool TlsClient::receive() {
  ERR_clear_error();
  std::array<char, 16384> bytes{};
  std::size_t got = 0;
  if (SSL_read_ex(ssl_, bytes.data(), bytes.size(), &got) != 1) {
    complain();
    return false;
  }
  buffer_.append(bytes.data(), got);
  return true;
}

std::optional<RawResponse> TlsClient::response() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!receive()) return std::nullopt;
  RawResponse response;
  response.head = buffer_.substr(0, end + 4);
  response.status = std::atoi(response.head.substr(9, 3).c_str());
  const auto length = response.head.find("Content-Length: ");
  const auto size =
      length == std::string::npos ? 0 : static_cast<std::size_t>(std::atoll(response.head.c_str() + length + 16));
  while (buffer_.size() < end + 4 + size)
    if (!receive()) return std::nullopt;
  response.body = buffer_.substr(end + 4, size);
  buffer_.erase(0, end + 4 + size);
  return response;
}

TlsClient::End TlsClient::end() {
  while (receive()) {}
  if ((SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0 && complaint_ == "the connection ended")
    return End::farewell;
  return complaint_ == "unexpected eof while reading" ? End::cut : End::none;
}

void TlsClient::say_farewell() {
  SSL_shutdown(ssl_);
}

void TlsClient::no_more_writes() {
  ::shutdown(fd_, SHUT_WR);
}

void TlsClient::renegotiate() {
  SSL_renegotiate(ssl_);
  SSL_do_handshake(ssl_);
}

void TlsClient::raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::shared_ptr<ssl_session_st> TlsClient::session() const {
  return {SSL_get1_session(ssl_), SSL_SESSION_free};
}

} // namespace plugboard::http
