// One connection under TLS: OpenSSL moves the bytes, our Socket carries them. Its heirs are the client's and the
// server's end, and say why theirs failed. Internal to tls and server_tls. [the connection's thread]
#pragma once

#include "core/http/transport.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>

namespace plugboard::http {

struct FreeSsl {
  void operator()(SSL* ssl) const;
};

using SslPtr = std::unique_ptr<SSL, FreeSsl>;

class SslTransport : public Transport {
 public:
  bool use(BIO_METHOD* socket_bio); // before all else; borrowed. False: no memory

  Moved greet() override;
  Moved read(std::span<char> into) override;
  Moved write(std::string_view bytes) override;
  bool holds_bytes() const override;

  std::string complaint() const override { return complaint_; }

  Socket& socket() override { return socket_; }

 protected:
  SslTransport(Socket socket, SslPtr ssl); // ssl: null when there was no memory for it

  virtual std::string reason() = 0; // of what has just failed, from what OpenSSL says

  SSL* ssl() const { return ssl_.get(); }

  bool failed() const { return failed_; } // then OpenSSL forbids to go on with it

 private:
  Moved outcome(int result);

  Socket socket_; // outlives ssl_, which writes to it
  std::string complaint_;
  bool failed_ = false;
  SslPtr ssl_;
};

} // namespace plugboard::http
