// TLS 1.2 and 1.3 on the listeners of one port: every handshake takes the identity that counts when its client comes.
// Shared by all servers of the port; must outlive them. [any thread]
#pragma once

#include "core/http/socket.hpp"
#include "core/http/tls_identity.hpp"
#include "core/http/transport.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

struct bio_method_st; // of OpenSSL, whose headers stay out of here

namespace plugboard::http {

class ServerTls {
 public:
  explicit ServerTls(TlsIdentityPtr identity);
  ~ServerTls();
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  // For handshakes from now on; connections that are there go on, those excepted whose clients it does not let in: they
  // end at their next request. False: it is the one that counts already, whose tickets stay good.
  bool renew(TlsIdentityPtr identity);

  TlsIdentityPtr identity() const;

  std::uint64_t judgement() const { return judgement_.load(); } // another number when it lets in others

  std::unique_ptr<Transport> wrap(Socket socket) const; // must be gone before this object; null: no memory

 private:
  struct Free {
    void operator()(bio_method_st* method) const;
  };

  std::unique_ptr<bio_method_st, Free> bytes_;
  mutable std::mutex mutex_; // held for a pointer's copy
  TlsIdentityPtr identity_;
  std::atomic<std::uint64_t> judgement_{1};
};

} // namespace plugboard::http
