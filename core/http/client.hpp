// Asks upstream systems. HTTP/2, many calls on one connection, is spoken where the upstream chooses it under TLS
// (ALPN), or where the call's reach says so in the clear; else HTTP/1.1: keep-alive connections pooled per origin, last
// in first out, one call a connection at a time. A call that was cancelled or timed out resets its stream, or closes
// its HTTP/1.1 connection, which is never used again. One Client an I/O thread. [all of it: the io_context's thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/base/result.hpp"
#include "core/http/authorities.hpp"
#include "core/http/message.hpp"
#include "core/http/reach.hpp"
#include "core/http/url.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace plugboard::http {

struct ClientLimits {
  std::size_t header_bytes = 32 * 1024;
  std::size_t body_bytes = 1 << 20;
  std::size_t connections_per_origin = 256;   // where all are busy, calls wait their turn
  std::uint32_t streams_per_connection = 256; // of HTTP/2, at once; the upstream may allow fewer
  std::size_t waiting_per_origin = 1024;      // more than that are refused: overloaded
  std::size_t idle_per_origin = 64;
  std::chrono::milliseconds connect_time{3'000};
  std::chrono::milliseconds idle_time{30'000};
  // An origin that said over HTTP/1.1 what nobody had asked for: so long each of its connections is good for one
  // answer.
  std::chrono::milliseconds distrust_time{600'000};
};

struct TlsTrust {
  std::string ca_file{};          // empty: the system's authorities
  std::string certificate_file{}; // PEM, the leaf first: what the client shows when it is asked; empty: nothing
  std::string key_file{};         // PEM; empty: it stands in the certificate's file
  AuthoritiesPtr authorities{};   // of ca_file, read already; null: each client reads them
};

struct Call {
  std::string method = "GET";
  Url url;
  Headers headers; // without host, content-length, connection
  std::string body;
  Deadline deadline = Deadline::never();
  std::size_t max_body_bytes = 0; // 0: the client's limit
  ReachPtr reach{};               // null: to wherever the name leads
};

struct Answer {
  int status = 0;
  SharedHeaders headers;
  std::string body;
};

class Resolver;
class Transport;

class Client {
 public:
  using Id = std::uint64_t; // of a call under way; 0 is none
  // Error codes: unreachable (DNS, connect, TLS, reset before an answer), denied (its reach leaves no address of the
  // name's), timeout, too_large, malformed, cancelled,
  // overloaded (or no memory), whose messages name the origin; invalid_argument when something in the call could break
  // the message.
  using Done = std::function<void(Result<Answer>)>;
  using Connected = std::function<void(Result<std::unique_ptr<Transport>>)>;

  // Throws std::runtime_error when one of trust's files cannot be used. resolver: outlives the client; null: one of its
  // own, that asks the system's name servers.
  static std::unique_ptr<Client> make(boost::asio::io_context& io, const ClientLimits& limits, const TlsTrust& trust,
                                      const Clock& clock, Log& log, Resolver* resolver = nullptr);
  virtual ~Client() = default; // before its io_context; calls under way end as cancelled, without running their Done
  // done runs exactly once, never before send returns; where send throws, for want of memory, once at most. An
  // idempotent call (GET, HEAD) on a pooled connection that turned out dead before any byte of an answer is sent again
  // once, on a new connection; so is one that the upstream says it has not touched (HTTP/2: GOAWAY, REFUSED_STREAM),
  // where there is room.
  virtual Id send(Call call, Done done) = 0;
  virtual void cancel(Id id) = 0; // done runs with cancelled, before cancel returns; no such call: nothing happens
  // A connection of the caller's own, to an address that its reach allows, within connect_time; greeted when the origin
  // is one of TLS. done runs once, never before connect returns. Error: unreachable or denied.
  virtual Id connect(const Origin& origin, ReachPtr reach, Connected done) = 0;
  virtual void abandon(Id id) = 0; // the done of that connect will not run; no such one: nothing happens
  virtual std::size_t idle_connections() const = 0;
  virtual std::size_t open_connections() const = 0;
};

} // namespace plugboard::http
