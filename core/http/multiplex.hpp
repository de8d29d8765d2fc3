// Many orders over one HTTP/2 connection, without the connection: bytes in, bytes out, and what became of each order.
// nghttp2 keeps the protocol; what an answer may be, StreamAnswer decides; how much may come to no end, Patience. Owned
// by its trunk. [the client's thread]
#pragma once

#include "core/http/carrier.hpp"
#include "core/http/patience.hpp"
#include "core/http/stream_answer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct nghttp2_session; // of nghttp2, whose header stays out of here

namespace plugboard::http {

class Multiplex {
 public:
  struct Limits {
    std::size_t header_bytes;       // of one answer
    std::size_t body_bytes;         // that a stream may send before it is told to go on
    std::uint32_t streams;          // at once
    std::uint32_t streams_at_first; // until the peer has said how many it takes
  };

  struct Ended {
    Order* order;
    Ending ending; // its error does not name the origin yet
  };

  explicit Multiplex(const Limits& limits);
  ~Multiplex();
  Multiplex(const Multiplex&) = delete;
  Multiplex& operator=(const Multiplex&) = delete;

  void begin(Order& order);   // it lives until it has ended or is given up
  void give_up(Order& order); // the peer is told; nothing more is heard of it here
  void receive(std::string_view bytes);
  void gather(std::string& out, std::size_t enough); // appends what is to be sent, a little more than enough at most
  void ping();
  void farewell();               // no more will be asked
  void lost(const Error& error); // the connection is no more: all that are left end. If it throws: call it again

  std::vector<Ended> take_ended();

  std::size_t streams() const { return streams_.size(); }

  std::uint32_t streams_allowed() const; // at once, by the peer's word
  std::size_t room() const;
  bool takes_orders() const; // the peer has not said goodbye, nothing is broken, and it reads what it is sent

  // The peer broke the rules, or memory ended in the middle: to be left once all is gathered.
  bool broken() const { return starved_ || !broken_rule_.empty(); }

  Error failure() const; // once broken

  std::uint64_t frames_heard() const { return patience_.frames(); }

 private:
  struct Stream {
    Order* order;
    StreamAnswer answer;
    std::string_view body; // of the request, what is left
    bool used_before;      // the connection, when it was begun
    bool reset_by_peer = false;
  };

  struct Free {
    void operator()(nghttp2_session* session) const;
  };

  friend struct MultiplexEvents; // what nghttp2 calls

  void read(std::string_view whole_heads);
  Stream* find(std::int32_t id);
  void heard_end(std::int32_t id, Stream& stream);
  void judge(std::int32_t id, Stream& stream); // ends it when its answer has failed
  void closed(std::int32_t id, std::uint32_t error_code);
  void end(std::int32_t id, Ending ending);
  void reset(std::int32_t id, std::uint32_t error_code);
  void failed(int nghttp2_error);
  void broke(std::string_view rule); // text that lives for ever

  const Limits limits_;
  std::unique_ptr<nghttp2_session, Free> session_;
  std::unordered_map<std::int32_t, Stream> streams_;
  std::vector<Ended> ended_;
  Patience patience_;
  std::string half_a_head_; // of a frame, not given to nghttp2 yet
  bool settings_heard_ = false;
  std::string_view goodbye_;     // the error that the peer has said goodbye with
  std::string_view broken_rule_; // by the peer; the first
  bool starved_ = false;         // there was no memory: nghttp2 is not to be asked for anything more
};

} // namespace plugboard::http
