#include "core/http/tls.hpp"

#include "core/http/contained.hpp"
#include "core/http/origin.hpp"
#include "core/http/socket_bio.hpp"
#include "core/http/ssl_transport.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>

#include <arpa/inet.h>

namespace plugboard::http {
namespace {

constexpr std::size_t kSessionsPerOrigin = 64; // TLS 1.3 tickets serve once, so one for each connection of a crowd

bool is_address(const std::string& host) {
  in6_addr scratch{};
  return ::inet_pton(AF_INET, host.c_str(), &scratch) == 1 || ::inet_pton(AF_INET6, host.c_str(), &scratch) == 1;
}

std::string last_openssl_error() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  if (code == 0) return "the connection was closed";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

class TlsTransport final : public SslTransport {
 public:
  TlsTransport(Tls& tls, Socket socket, SslPtr ssl, std::string origin)
      : SslTransport(std::move(socket), std::move(ssl)), tls_(tls), origin_(std::move(origin)) {}

  // Without a shutdown OpenSSL takes the session for broken, and it is never resumed.
  ~TlsTransport() override {
    if (ssl() != nullptr && SSL_is_init_finished(ssl())) SSL_shutdown(ssl());
  }

  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  void keep(SSL_SESSION* session) { tls_.keep_session(origin_, session); }

  Protocol protocol() const override {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl(), &chosen, &size);
    const std::string_view name(reinterpret_cast<const char*>(chosen), size);
    return name == "h2" ? Protocol::http_2 : Protocol::http_1_1;
  }

  // Whose certificate it takes. False: no memory.
  bool expect(const std::string& host) {
    SSL_set_app_data(ssl(), this);
    if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl()), host.c_str()) == 1;
    SSL_set_hostflags(ssl(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl(), host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl(), host.c_str()) == 1;
  }

  void resume(SSL_SESSION* session) { SSL_set_session(ssl(), session); }

 private:
  std::string reason() override {
    const auto verdict = SSL_get_verify_result(ssl());
    if (verdict != X509_V_OK)
      return std::string("its certificate is refused: ") + X509_verify_cert_error_string(verdict);
    return "TLS: " + last_openssl_error();
  }

  Tls& tls_;
  const std::string origin_;
};

int session_arrived(SSL* ssl, SSL_SESSION* session) {
  return contained(0, [&] {
    static_cast<TlsTransport*>(SSL_get_app_data(ssl))->keep(session);
    return 1; // ours now
  });
}

void trust_authorities(SSL_CTX* context, const TlsTrust& trust) {
  auto authorities = trust.authorities;
  if (authorities == nullptr) {
    auto read = read_authorities(trust.ca_file);
    if (!read) throw std::runtime_error(read.error().message);
    authorities = std::move(*read);
  }
  SSL_CTX_set1_cert_store(context, authorities.get());
}

void show_certificate(SSL_CTX* context, const TlsTrust& trust) {
  if (trust.certificate_file.empty()) return;
  const auto& key_file = trust.key_file.empty() ? trust.certificate_file : trust.key_file;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, trust.certificate_file.c_str()) != 1)
    throw std::runtime_error("cannot read the certificate in '" + trust.certificate_file +
                             "': it must be a readable PEM file (" + last_openssl_error() + ")");
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("cannot use the key in '" + key_file +
                             "': it must be a readable PEM file, and belong to the certificate (" +
                             last_openssl_error() + ")");
}

} // namespace

void Tls::Free::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

void Tls::Free::operator()(SSL_SESSION* session) const {
  SSL_SESSION_free(session);
}

void Tls::Free::operator()(BIO_METHOD* method) const {
  BIO_meth_free(method);
}

Tls::Tls(const TlsTrust& trust) : bytes_(make_socket_bio_method()), context_(SSL_CTX_new(TLS_client_method())) {
  auto* context = context_.get();
  if (context == nullptr) throw std::runtime_error("OpenSSL gives no TLS: " + last_openssl_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  trust_authorities(context, trust);
  show_certificate(context, trust);
  static constexpr std::array<unsigned char, 12> kProtocols{2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context, kProtocols.data(), kProtocols.size());
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, session_arrived);
}

Tls::~Tls() = default;

std::unique_ptr<Transport> Tls::wrap(Socket socket, const Origin& origin) {
  const auto name = name_of(origin);
  auto transport = std::make_unique<TlsTransport>(*this, std::move(socket), SslPtr(SSL_new(context_.get())), name);
  if (!transport->use(bytes_.get()) || !transport->expect(origin.host)) return nullptr;
  if (const auto session = take_session(name)) transport->resume(session.get());
  return transport;
}

void Tls::keep_session(const std::string& origin, SSL_SESSION* session) {
  auto& kept = sessions_[origin];
  if (kept.size() >= kSessionsPerOrigin) kept.erase(kept.begin());
  kept.emplace_back(session);
}

Tls::Session Tls::take_session(const std::string& origin) {
  const auto found = sessions_.find(origin);
  if (found == sessions_.end() || found->second.empty()) return nullptr;
  auto session = std::move(found->second.back());
  const bool serves_again = SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION;
  if (serves_again) {
    SSL_SESSION_up_ref(session.get());
    found->second.back().reset(session.get());
  } else {
    found->second.pop_back();
  }
  return session;
}

void Tls::forget(const Origin& origin) {
  sessions_.erase(name_of(origin));
}

} // namespace plugboard::http
