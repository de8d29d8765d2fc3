// Station 1: bytes → request. One Server an I/O thread, each with its own io_context and listening socket
// (SO_REUSEPORT), strict parsing, limits before anything is allocated. What is not plain HTTP/1.1 is answered 4xx and
// the connection closed; it never reaches the handler. [all of it: the io_context's thread]
#pragma once

#include "core/base/certificate.hpp"
#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/result.hpp"
#include "core/http/message.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace plugboard::http {

struct TcpEndpoint {
  std::string address{};  // numeric; "127.0.0.1", "::1"
  std::uint16_t port = 0; // 0: the kernel chooses; see Server::port()
  bool join = false;      // another Server of this process listens there: share its port. Else nobody may have it
};

struct UnixEndpoint {
  std::string path; // made with mode 0600 (owner only); a stale socket there is replaced, a live one is an error
};

using Endpoint = std::variant<TcpEndpoint, UnixEndpoint>;
Result<Endpoint> parse_tcp_endpoint(std::string_view text); // "127.0.0.1:8710", "[::1]:0"

class Crowd; // crowd.hpp

struct ServerLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 0;      // 0: as Crowd decides
  std::chrono::milliseconds header_time{8'000}; // from the first byte of a request to the end of its head; TLS's
                                                // handshake has as long
  std::chrono::milliseconds body_time{8'000};
  std::chrono::milliseconds idle_time{75'000}; // between requests
  std::chrono::milliseconds write_time{8'000}; // for a client that reads nothing of its answer;
  std::size_t write_rate = 4096;               // so many bytes that it has read buy a second more
  std::shared_ptr<Crowd> crowd{};              // counted together with other servers of this listener; null: alone
};

struct Peer {
  std::string address;                                   // "127.0.0.1", or "unix"
  std::optional<std::uint32_t> uid;                      // over a Unix socket: who is at the other end (SO_PEERCRED)
  std::shared_ptr<const CertificateNames> certificate{}; // over TLS: the client's, verified; null when it showed none
};

struct Request { // views live until the Responder has answered
  std::string_view method;
  std::string_view target;                                            // as sent: origin form
  std::string_view path;                                              // up to '?'
  std::string_view query;                                             // after '?', undecoded
  std::vector<std::pair<std::string_view, std::string_view>> headers; // names lower case
  std::string_view body;
  const Peer* peer = nullptr;
  Instant received; // when the last byte of it was there

  std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

struct Response {
  int status = 200;
  std::string_view content_type = "application/json"; // static text
  Headers headers;                                    // besides content-type, content-length, date
  std::string body;
  bool is_even = false; // the same answer has several reasons: its time must not tell which; see Responder::even_out
};

// The right, and the duty, to answer one request. Move-only; dropped unanswered it answers 500. Harmless after the
// client has gone. [the server's thread]
class Exchange; // the connection's side, internal

class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange);
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();
  void send(Response response);
  void add(Header header); // to the answer, whichever it will be
  // How an even answer is put off: until the job that it is given is run. Without this it is sent at once.
  void even_out(std::function<void(std::function<void()>)> later);
  // Called once if the client goes away before it was answered; so that work nobody awaits can stop.
  void on_gone(std::function<void()> handler);

 private:
  std::shared_ptr<Exchange> exchange_;
  Headers added_;
  std::function<void(std::function<void()>)> later_;
};

using Handler = std::function<void(const Request&, Responder)>;

class ServerTls; // server_tls.hpp

class Server {
 public:
  // Binds at once. Error: io, with the address and what to do about it (port taken, no permission). `io`, `clock`,
  // `log` and `metrics` must outlive it. The handler is the root of a request: what it throws is logged, and the
  // request answered 500. tls: null for plain HTTP; else it outlives the server.
  static Result<std::unique_ptr<Server>> listen(boost::asio::io_context& io, const Endpoint& endpoint,
                                                const ServerLimits& limits, const Clock& clock, Log& log,
                                                Metrics& metrics, Handler handler, const ServerTls* tls = nullptr);
  virtual ~Server() = default; // closes all connections; a Responder that is left over does nothing from then on
  virtual std::uint16_t port() const = 0;
  virtual void start() = 0; // begins to accept
  // No new connections; idle ones are closed, busy ones answer what they have begun with `Connection: close`;
  // drained() runs once when the last is gone.
  virtual void drain(std::function<void()> drained) = 0;
  virtual std::size_t connections() const = 0;
};

} // namespace plugboard::http
