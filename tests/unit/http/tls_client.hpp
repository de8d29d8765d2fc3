// A client over TLS, by OpenSSL alone: offers just what it is told to, and reads what comes; blocking, with a limit of
// time on everything. [one thread]
#pragma once

#include "tests/unit/http/certificates.hpp"
#include "tests/unit/http/raw_client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ssl_session_st;
struct ssl_st;

namespace plugboard::http {

struct TlsOffer {
  int min_version = 0, max_version = 0; // of OpenSSL; 0: whatever it has
  std::string ciphers{};                // of TLS up to 1.2; any strength is allowed then
  std::string protocols{};              // ALPN, one name; empty: says nothing
  const Certificate* certificate = nullptr;
  std::vector<Certificate> chain{};          // shown after it
  std::shared_ptr<ssl_session_st> session{}; // to resume
};

class TlsClient {
 public:
  TlsClient(std::uint16_t port, const TlsOffer& offer);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool greeted() const { return greeted_; } // in TLS 1.3 the server may still refuse what this side showed

  const std::string& complaint() const { return complaint_; } // of the first thing that failed

  std::string version() const; // "TLSv1.3"
  std::string cipher() const;
  std::string protocol() const; // by ALPN
  bool resumed() const;
  std::string server_name() const; // the common name of the server's certificate

  void send(std::string_view bytes);
  std::optional<RawResponse> response();

  enum class End : std::uint8_t { none = 1, farewell, cut }; // cut: the connection ended, and TLS did not say so
  End end();                                                 // waits for it, over what may still come

  void say_farewell();              // close_notify: nothing more comes from here
  void no_more_writes();            // ends this side's direction without a farewell
  void raw(std::string_view bytes); // past TLS

  void renegotiate(); // asks for it, in TLS 1.2

  std::shared_ptr<ssl_session_st> session() const; // good once an answer has come

 private:
  bool receive();
  void complain();

  int fd_ = -1;
  ssl_st* ssl_ = nullptr;
  bool greeted_ = false;
  std::string complaint_;
  std::string buffer_;
};

} // namespace plugboard::http
