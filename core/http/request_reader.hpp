// Bytes → one request, strictly; limits are held before anything is allocated. No I/O: the connection feeds it. One a
// connection, used for one request after the other. [the server's thread]
#pragma once

#include "core/http/body_reader.hpp"
#include "core/http/head_scan.hpp"
#include "core/http/server.hpp"
#include "core/http/strict_head.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard::http {

class RequestReader {
 public:
  enum class State : std::uint8_t { head = 1, body, complete, refused };

  RequestReader(std::size_t header_bytes, std::size_t body_bytes);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Returns how many of the bytes belong to this request; those after them, to the next one.
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }

  bool begun() const { return skipped_ > 0 || !head_.empty(); }

  bool body_begun() const { return body_fed_; } // a byte of it has come

  const Framing& framing() const { return framing_; } // once the head is complete

  const Refusal& refusal() const { return refusal_; }

  Request& request() { return request_; } // once complete; views live until reset

  void reset(); // ready for the next request

 private:
  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  std::size_t skip_empty_line(std::string_view bytes);
  void judge_head();
  bool parse_head();
  void complete();
  void refuse(const Refusal& refusal);

  const std::size_t header_bytes_;
  const std::size_t body_bytes_;
  State state_ = State::head;
  std::size_t skipped_ = 0; // of the one empty line that may stand before a request
  HeadScan scan_;
  std::string head_;
  Framing framing_;
  Refusal refusal_;
  BodyReader body_;
  bool body_fed_ = false;
  Request request_;
};

} // namespace plugboard::http
