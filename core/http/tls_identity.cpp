#include "core/http/tls_identity.hpp"

#include "core/http/peer_certificate.hpp"
#include "core/http/ticket_seal.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <string_view>
#include <utility>

namespace plugboard::http {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Part = TlsFault::Part;

Bio reading(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

std::vector<X509Ptr> certificates_in(std::string_view pem) {
  std::vector<X509Ptr> found;
  const auto bio = reading(pem);
  while (auto* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) found.emplace_back(one, X509_free);
  ERR_clear_error(); // the end of the text is an error, too
  return found;
}

std::time_t seconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

int no_passphrase(char*, int, int, void* asked) { // an encrypted key asks here
  *static_cast<bool*>(asked) = true;
  return -1;
}

std::string_view last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "no reason given";
}

// RFC 7301: a client that names protocols, but none that is spoken here, is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kOurs.data(), kOurs.size(), offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

Digest digest_of_clients(const TlsMaterial& material) {
  return sha256(std::to_string(static_cast<int>(material.client_certificates)) + ":" + material.client_ca);
}

Digest digest_of(const TlsMaterial& material) {
  std::string all;
  const auto add = [&](std::string_view part) { all += std::to_string(part.size()) + ":" + std::string(part); };
  const auto key = sha256(material.key.reveal());
  add(material.certificate);
  add({reinterpret_cast<const char*>(key.data()), key.size()});
  add(material.client_ca);
  add(std::to_string(static_cast<int>(material.client_certificates)));
  return sha256(all);
}

} // namespace

// Judges the material part by part, and puts what is good into the context.
class TlsIdentity::Making {
 public:
  Making(const TlsMaterial& material, WallTime now, std::vector<TlsFault>& faults)
      : material_(material), now_(now), faults_(faults) {}

  void make(SSL_CTX* context) {
    context_ = context;
    set_rules();
    take_certificate();
    take_key();
    take_client_ca();
  }

  WallTime not_after{};

 private:
  void fault(Part part, std::string message) { faults_.push_back({part, std::move(message)}); }

  void set_rules() {
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_security_level(context_, 2);                          // 112 bits, no SHA-1 signatures
    SSL_CTX_set_cipher_list(context_, "ECDHE+AESGCM:ECDHE+CHACHA20"); // of TLS 1.2: AEAD with forward secrecy
    SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                      SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context_,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context_, 1); // a record's head and body by one system call
    SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF); // tickets: the clients keep the sessions
    SSL_CTX_set_timeout(context_, std::chrono::seconds(TicketKeys::kTicketLife).count());
    static constexpr std::string_view kContext = "plugboard";
    SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>(kContext.data()), kContext.size());
  }

  void take_certificate() {
    auto chain = certificates_in(material_.certificate);
    if (chain.empty())
      return fault(Part::certificate, "holds no certificate; it must be PEM text (-----BEGIN CERTIFICATE-----), the "
                                      "hub's own first, then its issuers");
    auto* own = chain.front().get();
    const auto not_before = wall_time_of(X509_get0_notBefore(own));
    not_after = wall_time_of(X509_get0_notAfter(own));
    if (now_ >= not_after) fault(Part::certificate, "has expired at " + rfc3339(not_after) + "; renew it");
    if (now_ < not_before)
      fault(Part::certificate,
            "is not valid before " + rfc3339(not_before) + "; wait, or look whether this machine's clock is right");
    if (X509_check_purpose(own, X509_PURPOSE_SSL_SERVER, 0) != 1)
      fault(Part::certificate, "is not made for TLS servers; get one with the extended key usage serverAuth");
    ERR_clear_error();
    if (SSL_CTX_use_certificate(context_, own) != 1)
      return fault(Part::certificate, "can't be used: " + std::string(last_reason()) + "; get another");
    for (auto link = chain.begin() + 1; link != chain.end(); ++link) SSL_CTX_add1_chain_cert(context_, link->get());
    own_ = std::move(chain.front());
  }

  void take_key() {
    bool encrypted = false;
    const auto bio = reading(material_.key.reveal());
    const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &encrypted), EVP_PKEY_free);
    ERR_clear_error();
    if (encrypted)
      return fault(Part::key, "is encrypted, and the hub has no passphrase; write it without: openssl pkey -in KEY "
                              "-out PLAIN_KEY, and let only the hub's user read it");
    if (!key) return fault(Part::key, "holds no private key; it must be PEM text (-----BEGIN PRIVATE KEY-----)");
    if (!own_) return; // nothing to hold it against
    if (X509_check_private_key(own_.get(), key.get()) != 1) {
      ERR_clear_error();
      return fault(Part::key, "does not belong to the certificate; the first certificate in the certificate's file "
                              "must be the hub's own, made for this key");
    }
    if (SSL_CTX_use_PrivateKey(context_, key.get()) != 1)
      fault(Part::key, "can't be used: " + std::string(last_reason()) + "; make another");
  }

  void take_client_ca() {
    if (material_.client_certificates == ClientCertificates::none) return;
    const auto authorities = certificates_in(material_.client_ca);
    if (authorities.empty())
      return fault(Part::client_ca, "holds no certificate; it must be PEM text (-----BEGIN CERTIFICATE-----) of those "
                                    "who sign the clients' certificates");
    auto* store = SSL_CTX_get_cert_store(context_);
    for (const auto& authority : authorities) {
      X509_STORE_add_cert(store, authority.get());
      SSL_CTX_add_client_CA(context_, authority.get());
    }
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN); // an intermediate authority may be all that is trusted
    const bool required = material_.client_certificates == ClientCertificates::required;
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  }

  const TlsMaterial& material_;
  const WallTime now_;
  std::vector<TlsFault>& faults_;
  SSL_CTX* context_ = nullptr;
  X509Ptr own_{nullptr, X509_free}; // the server's certificate, once it is taken
};

void TlsIdentity::Free::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

std::shared_ptr<const TlsIdentity> TlsIdentity::make(const TlsMaterial& material, const Clock& clock, Random& random,
                                                     std::vector<TlsFault>& faults) {
  const auto faults_before = faults.size();
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity);
  identity->clock_ = &clock;
  identity->digest_ = digest_of(material);
  identity->clients_digest_ = digest_of_clients(material);
  identity->tickets_ = std::make_unique<TicketKeys>(clock, random);
  identity->context_.reset(SSL_CTX_new(TLS_server_method()));
  Making making(material, clock.wall(), faults);
  making.make(identity->context_.get());
  seal_tickets_with(*identity->tickets_, identity->context_.get());
  identity->not_after_ = making.not_after;
  return faults.size() == faults_before ? identity : nullptr;
}

SSL* TlsIdentity::begin() const {
  auto* ssl = SSL_new(context_.get());
  if (ssl == nullptr) return nullptr;
  X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), seconds_of(clock_->wall())); // for the clients' certificates
  return ssl;
}

// As a handshake would judge it. Of a resumed session only the client's own certificate is known: where that was not
// enough, it has to show all again.
bool TlsIdentity::lets_in(const SSL* ssl) const {
  auto* certificate = SSL_get0_peer_certificate(ssl);
  const auto mode = SSL_CTX_get_verify_mode(context_.get());
  if (certificate == nullptr) return (mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT) == 0;
  if (mode == SSL_VERIFY_NONE) return false;
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> judge(X509_STORE_CTX_new(),
                                                                              X509_STORE_CTX_free);
  auto* authorities = SSL_CTX_get_cert_store(context_.get());
  if (!judge || X509_STORE_CTX_init(judge.get(), authorities, certificate, SSL_get_peer_cert_chain(ssl)) != 1 ||
      X509_STORE_CTX_set_default(judge.get(), "ssl_client") != 1)
    return false;
  auto* rules = X509_STORE_CTX_get0_param(judge.get());
  X509_VERIFY_PARAM_set_auth_level(rules, SSL_CTX_get_security_level(context_.get()));
  X509_VERIFY_PARAM_set_time(rules, seconds_of(clock_->wall()));
  return X509_verify_cert(judge.get()) == 1;
}

} // namespace plugboard::http
