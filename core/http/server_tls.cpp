#include "core/http/server_tls.hpp"

#include "core/http/peer_certificate.hpp"
#include "core/http/socket_bio.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

namespace plugboard::http {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const {
    SSL_free(ssl);
    ERR_clear_error();
  }
};

class ServerTlsTransport final : public Transport {
 public:
  ServerTlsTransport(const ServerTls& tls, Socket socket)
      : tls_(tls), judgement_(tls.judgement()), identity_(tls.identity()), socket_(std::move(socket)),
        ssl_(identity_->begin()) {}

  bool use(BIO_METHOD* method) {
    auto* bio = ssl_ != nullptr ? make_socket_bio(method, socket_) : nullptr;
    if (bio == nullptr) return false;
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
    return true;
  }

  Moved greet() override {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Moved{Io::moved} : outcome(result);
  }

  Greeting greeting() const override {
    Greeting greeting;
    greeting.resumed = SSL_session_reused(ssl_.get()) == 1;
    greeting.clear_text = clear_text_;
    auto* certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate != nullptr && SSL_get_verify_result(ssl_.get()) == X509_V_OK)
      greeting.certificate = std::make_shared<const CertificateNames>(names_of(certificate));
    return greeting;
  }

  Moved read(std::span<char> into) override {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    return got > 0 ? Moved{Io::moved, static_cast<std::size_t>(got)} : outcome(got);
  }

  Moved write(std::string_view bytes) override {
    ERR_clear_error();
    const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMaxWrite)));
    return sent > 0 ? Moved{Io::moved, static_cast<std::size_t>(sent)} : outcome(sent);
  }

  bool still_welcome() override {
    const auto judgement = tls_.judgement();
    if (judgement == judgement_) return true;
    if (!tls_.identity()->lets_in(ssl_.get())) return false;
    judgement_ = judgement;
    return true;
  }

  // Tells the client that what it got is whole. If the socket takes nothing more, the client sees what it is: cut off.
  void farewell() override {
    if (failed_ || !SSL_is_init_finished(ssl_.get())) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }

  bool holds_bytes() const override { return SSL_has_pending(ssl_.get()) == 1; }

  std::string complaint() const override { return complaint_; }

  Socket& socket() override { return socket_; }

 private:
  static constexpr std::size_t kMaxWrite = 1 << 20;

  Moved outcome(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Io::wait_read};
    case SSL_ERROR_WANT_WRITE:
      return {Io::wait_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::ended};
    default:
      failed_ = true; // OpenSSL forbids to go on with it
      complaint_ = reason();
      return {Io::failed};
    }
  }

  std::string reason() {
    const auto verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK)
      return std::string("the client's certificate is refused: ") + X509_verify_cert_error_string(verdict);
    const auto code = ERR_peek_error();
    const char* text = code != 0 ? ERR_reason_error_string(code) : nullptr;
    clear_text_ = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST;
    return text != nullptr ? text : "the client closed the connection";
  }

  const ServerTls& tls_;
  std::uint64_t judgement_; // the one that its client has passed
  const TlsIdentityPtr identity_;
  Socket socket_; // outlives ssl_, which writes to it
  std::string complaint_;
  bool failed_ = false;
  bool clear_text_ = false;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

} // namespace

void ServerTls::Free::operator()(BIO_METHOD* method) const {
  BIO_meth_free(method);
}

ServerTls::ServerTls(TlsIdentityPtr identity) : bytes_(make_socket_bio_method()), identity_(std::move(identity)) {}

ServerTls::~ServerTls() = default;

bool ServerTls::renew(TlsIdentityPtr identity) {
  const std::lock_guard lock(mutex_);
  if (identity_->same_as(*identity)) return false;
  const bool as_before = identity_->lets_in_the_same_as(*identity);
  identity_.swap(identity); // the old one dies after the lock, or with its last connection
  if (!as_before) ++judgement_;
  return true;
}

TlsIdentityPtr ServerTls::identity() const {
  const std::lock_guard lock(mutex_);
  return identity_;
}

std::unique_ptr<Transport> ServerTls::wrap(Socket socket) const {
  auto transport = std::make_unique<ServerTlsTransport>(*this, std::move(socket));
  if (!transport->use(bytes_.get())) return nullptr;
  return transport;
}

} // namespace plugboard::http
