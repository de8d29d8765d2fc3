// Who a TLS listener is and whom it lets in: certificate, key and client authorities, judged and made into what OpenSSL
// wants, with the keys of its session tickets. Shared by every connection that was greeted under it, so that a
// renewal harms none. [immutable once made: any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/crypto.hpp"
#include "core/base/random.hpp"
#include "core/base/secret.hpp"
#include "core/http/ticket_keys.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st; // of OpenSSL, whose headers stay out of here
struct ssl_st;

namespace plugboard::http {

enum class ClientCertificates : std::uint8_t { none = 1, optional, required };

struct TlsMaterial {       // PEM texts
  std::string certificate; // the server's own first, then its issuers
  Secret key;
  std::string client_ca; // may be empty when nobody is asked for a certificate
  ClientCertificates client_certificates = ClientCertificates::none;
};

struct TlsFault {
  enum class Part : std::uint8_t { certificate = 1, key, client_ca };
  Part part;
  std::string message; // what is wrong with it, and what to do
};

class TlsIdentity {
 public:
  // Null when there are faults; all are appended. clock and random outlive the identity.
  static std::shared_ptr<const TlsIdentity> make(const TlsMaterial& material, const Clock& clock, Random& random,
                                                 std::vector<TlsFault>& faults);

  bool same_as(const TlsIdentity& other) const { return digest_ == other.digest_; } // made of the same material

  bool lets_in_the_same_as(const TlsIdentity& other) const { return clients_digest_ == other.clients_digest_; }

  // Whether a client that was greeted by another identity would get in here, too.
  bool lets_in(const ssl_st* ssl) const;

  WallTime not_after() const { return not_after_; } // of the server's certificate

  // The server's side of one connection, without its bytes; the caller's to free. Null: no memory.
  ssl_st* begin() const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };

  class Making;
  TlsIdentity() = default;

  std::unique_ptr<TicketKeys> tickets_; // before context_, which refers to them
  std::unique_ptr<ssl_ctx_st, Free> context_;
  Digest digest_{};
  Digest clients_digest_{}; // of what decides whom it lets in
  WallTime not_after_{};
  const Clock* clock_ = nullptr;
};

using TlsIdentityPtr = std::shared_ptr<const TlsIdentity>;

} // namespace plugboard::http
