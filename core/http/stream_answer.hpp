// Fields and data of one HTTP/2 stream → one answer of an upstream, as strictly as AnswerReader does it for HTTP/1.1.
// Interim answers (1xx) are passed over, trailers are counted and forgotten. No I/O, and no frames: Multiplex feeds it.
// One a stream. [the client's thread]
#pragma once

#include "core/base/error.hpp"
#include "core/http/client.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::http {

class StreamAnswer {
 public:
  enum class State : std::uint8_t { head = 1, body, trailers, complete, failed };

  struct Limits {
    std::size_t header_bytes; // of all fields, each with 32 more, as SETTINGS_MAX_HEADER_LIST_SIZE counts them
    std::size_t body_bytes;
  };

  StreamAnswer(bool answers_head_request, const Limits& limits)
      : answers_head_(answers_head_request), limits_(limits) {}

  void begin_fields(); // a block of them
  void field(std::string_view name, std::string_view value);
  void end_fields();
  void data(std::string_view bytes);
  void end(); // the peer has said that this was all

  State state() const { return state_; }

  bool begun() const { return begun_; } // something of an answer has come, were it an interim one's

  Answer take_answer(); // once complete

  const Error& failure() const { return failure_; } // once failed; origin and name of the upstream are not in it

 private:
  void take_status(std::string_view value);
  void take_length(std::string_view value);
  void judge_head();
  bool has_no_body() const;
  void fail_with(Code code, std::string message);
  void malformed(std::string_view why);

  State state_ = State::head;
  const bool answers_head_;
  const Limits limits_;
  bool begun_ = false;
  int status_ = 0; // of the block being read
  int interims_ = 0;
  std::size_t field_bytes_ = 0; // of all blocks
  std::size_t fields_ = 0;
  std::optional<std::uint64_t> length_;
  Headers headers_;
  std::string body_;
  Error failure_;
};

} // namespace plugboard::http
