// A raw upstream whose every connection runs a script of the test's, in a thread of its own; plain or TLS.
#pragma once

#include "tests/unit/http/certificates.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace plugboard::http {

class Conversation { // one connection; every reading has a limit of time
 public:
  Conversation(int fd, ssl_ctx_st* tls, int number);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  int number() const { return number_; } // of the connection, from 1

  bool secure() const { return !failed_; } // the handshake went well, if there was one

  bool resumed() const; // a TLS session of before

  std::string take();                   // all that has come; waits for some; empty: the hub has closed
  std::optional<std::string> request(); // head and body; none: the hub has closed
  void send(std::string_view bytes);
  void answer(std::string_view body, std::string_view more_headers = "");
  bool hub_closed(); // waits for it; false when it does not
  void cut();        // ends the connection without TLS's farewell
  void reset();      // so that the hub sees a reset

 private:
  bool receive();

  int fd_;
  ssl_st* ssl_ = nullptr;
  const int number_;
  bool failed_ = false;
  std::string buffer_;
};

class Upstream {
 public:
  using Script = std::function<void(Conversation&)>;

  explicit Upstream(Script script, const Certificate* certificate = nullptr, int max_tls_version = 0,
                    const char* protocol = "", // chosen by ALPN
                    std::uint16_t port = 0);   // of one before it, that is gone; 0: the kernel chooses
  ~Upstream();
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  std::uint16_t port() const { return port_; }

  std::string url(const std::string& target = "/") const; // to localhost when under TLS, else to 127.0.0.1

  int connections() const { return connections_; }

 private:
  void accept();

  const Script script_;
  ssl_ctx_st* tls_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::vector<std::thread> conversations_;
  std::thread acceptor_;
};

} // namespace plugboard::http
