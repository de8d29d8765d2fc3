// TLS 1.2 and 1.3 towards upstreams: chain and host name are verified, sessions are kept and resumed (a full handshake
// costs a hundred times a request), HTTP/2 is offered before HTTP/1.1. One a client. [the client's thread]
#pragma once

#include "core/http/client.hpp"
#include "core/http/transport.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct bio_method_st; // of OpenSSL, whose headers stay out of here
struct ssl_ctx_st;
struct ssl_session_st;

namespace plugboard::http {

class Tls {
 public:
  explicit Tls(const TlsTrust& trust); // throws std::runtime_error when its files cannot be used
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  std::unique_ptr<Transport> wrap(Socket socket, const Origin& origin); // must be gone before this; null: no memory

  void keep_session(const std::string& origin, ssl_session_st* session); // takes it over
  void forget(const Origin& origin);                                     // its sessions

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
    void operator()(ssl_session_st* session) const;
    void operator()(bio_method_st* method) const;
  };

  using Session = std::unique_ptr<ssl_session_st, Free>;

  Session take_session(const std::string& origin);

  std::unique_ptr<bio_method_st, Free> bytes_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unordered_map<std::string, std::vector<Session>> sessions_;
};

} // namespace plugboard::http
