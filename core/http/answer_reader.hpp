// Bytes → one answer of an upstream, strictly. Interim answers (1xx) are passed over. No I/O: the line feeds it. One a
// connection, used for one answer after the other: a head of the very bytes of the one before is not judged again. [the
// client's thread]
#pragma once

#include "core/base/error.hpp"
#include "core/http/body_reader.hpp"
#include "core/http/client.hpp"
#include "core/http/head_scan.hpp"
#include "core/http/strict_head.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard::http {

class AnswerReader {
 public:
  enum class State : std::uint8_t { head = 1, body, complete, failed };

  struct Limits {
    std::size_t header_bytes;
    std::size_t body_bytes;
  };

  void begin(bool answers_head_request, Limits limits);
  std::size_t feed(std::string_view bytes); // how many of them belong to this answer; any more were not asked for
  void end(bool cleanly);                   // no more bytes will come; cleanly: the peer said so itself

  State state() const { return state_; }

  bool begun() const { return begun_; } // a byte of an answer has come, were it an interim one's

  bool keep_alive() const { return framing_.keep_alive; } // once complete

  Answer take_answer(); // once complete

  const Error& failure() const { return failure_; } // once failed; origin and name of the upstream are not in it

 private:
  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  bool knows_head(std::string_view bytes) const;
  void judge_head();
  void accept_head();
  bool parse_head();
  void expect_head();
  void fail_with(Code code, std::string message);

  State state_ = State::head;
  Limits limits_{};
  bool answers_head_ = false;
  bool begun_ = false;
  int interims_ = 0;
  HeadScan scan_;
  std::string head_, raw_; // raw_: before names were made lower case
  Framing framing_;
  BodyReader body_;

  struct Judged { // the last head that was accepted
    std::string bytes;
    bool answers_head = false;
    Framing framing;
    SharedHeaders headers;
  } judged_;

  Error failure_;
};

} // namespace plugboard::http
