#include "core/http/server_tls.hpp"

#include "core/http/peer_certificate.hpp"
#include "core/http/socket_bio.hpp"
#include "core/http/ssl_transport.hpp"

#include <openssl/err.h>

#include <utility>

namespace plugboard::http {
namespace {

class ServerTlsTransport final : public SslTransport {
 public:
  ServerTlsTransport(const ServerTls& tls, Socket socket, std::uint64_t judgement, TlsIdentityPtr identity)
      : SslTransport(std::move(socket), SslPtr(identity->begin())), tls_(tls), judgement_(judgement),
        identity_(std::move(identity)) {}

  Greeting greeting() const override {
    Greeting greeting;
    greeting.resumed = SSL_session_reused(ssl()) == 1;
    greeting.clear_text = clear_text_;
    auto* certificate = SSL_get0_peer_certificate(ssl());
    if (certificate != nullptr && SSL_get_verify_result(ssl()) == X509_V_OK)
      greeting.certificate = std::make_shared<const CertificateNames>(names_of(certificate));
    return greeting;
  }

  bool still_welcome() override {
    const auto judgement = tls_.judgement();
    if (judgement == judgement_) return true;
    if (!tls_.identity()->lets_in(ssl())) return false;
    judgement_ = judgement;
    return true;
  }

  // Tells the client that what it got is whole. If the socket takes nothing more, the client sees what it is: cut off.
  void farewell() override {
    if (failed() || !SSL_is_init_finished(ssl())) return;
    ERR_clear_error();
    SSL_shutdown(ssl());
  }

 private:
  std::string reason() override {
    const auto verdict = SSL_get_verify_result(ssl());
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
  bool clear_text_ = false;
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
  const auto judged = judgement(); // taken before the identity: who is greeted by an older one is judged again
  auto transport = std::make_unique<ServerTlsTransport>(*this, std::move(socket), judged, identity());
  if (!transport->use(bytes_.get())) return nullptr;
  return transport;
}

} // namespace plugboard::http
