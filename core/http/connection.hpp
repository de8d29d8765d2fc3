// One client's connection: reads a request, hands it out, writes the answer, and only then looks at the next. Owned by
// the server; a Responder keeps the memory alive, never the socket. [the server's thread]
#pragma once

#include "core/http/crowd.hpp"
#include "core/http/date_line.hpp"
#include "core/http/exchange.hpp"
#include "core/http/handshakes.hpp"
#include "core/http/queue_age.hpp"
#include "core/http/rejections.hpp"
#include "core/http/request_reader.hpp"
#include "core/http/transport.hpp"

#include <boost/system/error_code.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::http {

class Connection;

// What all connections of one server share. Owned by the server.
struct ConnectionHost {
  const ServerLimits limits;
  const Clock& clock;
  Log& log;
  const Handler handler;
  DateLine date;
  Rejections rejections;
  std::vector<char> scratch;               // what is being read right now; nothing stays in it
  std::function<void(Connection&)> closed; // may destroy the server
  std::optional<Handshakes> handshakes;    // there when the server speaks TLS
  QueueAge queue_age;
  std::size_t under_way = 0; // requests that handlers have and have not answered
  bool draining = false;
  std::vector<std::string> spare{}; // memory that answers were written from, the latest last; as many as are reserved
};

class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ConnectionHost& host, std::unique_ptr<Transport> transport, Peer peer, Crowd::Place place);

  void begin();
  void drain(); // ends it when nothing is under way, else after the answer

  bool late(Instant now) const { return now >= expires_; }

  std::optional<Instant> idle_since() const; // none: something is under way
  void give_way();                           // closes it although it is not late; only when idle

  void cut(Instant now); // when it is late
  void abandon();        // closes without telling anybody: the server is going

  void answer(Response response) override;
  void drop() override;
  void on_gone(std::function<void()> handler) override;

 private:
  enum class Phase : std::uint8_t { greeting = 1, reading, handling, writing, lingering, closed };
  enum class Next : std::uint8_t { request = 1, body, close }; // after what is being written

  // Steps return whether there is more to do right now.
  void pump();
  bool step();
  bool greet_step();
  bool read_step();
  bool watch_step();
  bool write_step();
  bool linger_step();

  Moved read();
  bool greeted();
  bool greeting_failed();
  bool read_failed(const Moved& moved);
  bool feed(std::string_view bytes, bool from_backlog);
  void ask_for_body();
  void handle();
  void write_answer(const Response& response);
  void refuse(const Refusal& refusal);
  void give_up(const char* why);
  void take_memory();
  void give_memory_back();
  void write(Next next);
  void written();
  void await_next();
  Instant reading_ends();
  void cut_idle(Instant now);
  void cut_reader(Instant now);
  void client_is_gone();
  void linger();
  void wait_readable();
  void wait_writable();
  void set_time(std::chrono::milliseconds limit);
  void close();
  std::function<void()> let_go(); // closes; returns what on_gone said to call

  ConnectionHost* host_;                 // null once closed
  std::unique_ptr<Transport> transport_; // null once closed
  Peer peer_;
  Crowd::Place place_;
  RequestReader reader_;
  Phase phase_ = Phase::reading;
  Next next_ = Next::request;
  Instant expires_;
  Instant idle_since_;
  Instant write_ends_;      // of the last answer, for a client that reads nothing of it
  bool to_be_read_ = false; // the answer before was handed to the system; whether the client has read it is not known
  std::string backlog_;     // came, but belongs to later requests
  std::string out_;
  std::size_t written_ = 0;
  std::size_t discarded_ = 0; // while lingering
  std::function<void()> gone_;
  bool pumping_ = false;
  bool readable_ = false; // it may be worth to read
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  bool peer_ended_ = false;
  bool close_after_ = false;
  bool asked_for_body_ = false;
};

} // namespace plugboard::http
