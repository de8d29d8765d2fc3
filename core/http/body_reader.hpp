// The body of one message after its head, however it is framed, never beyond its limit. [the reader's thread]
#pragma once

#include "core/http/chunked_body.hpp"
#include "core/http/strict_head.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard::http {

class BodyReader {
 public:
  using State = ChunkedBody::State;
  static constexpr std::uint64_t kReserved = 4096; // bytes, on the sender's word

  void begin(const Framing& framing, std::size_t limit) { // what is sized must have been held against the limit
    framing_ = framing;
    limit_ = limit;
    chunked_ = ChunkedBody();
    bytes.clear();
    state_ = framing.body == Body::none ? State::complete : State::more;
    // What is announced is not yet there: beyond this, memory grows with what comes.
    if (framing.body == Body::sized) bytes.reserve(std::min<std::uint64_t>(framing.length, kReserved));
  }

  std::size_t feed(std::string_view input) { // bytes taken
    if (state_ != State::more) return 0;
    if (framing_.body == Body::chunked) {
      const auto taken = chunked_.feed(input, bytes, limit_);
      state_ = chunked_.state();
      return taken;
    }
    const auto wanted = framing_.body == Body::sized ? framing_.length - bytes.size() : input.size();
    const auto part = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, input.size())));
    if (part.size() > limit_ - bytes.size()) {
      state_ = State::too_large;
      return 0;
    }
    bytes.append(part);
    if (framing_.body == Body::sized && bytes.size() == framing_.length) state_ = State::complete;
    return part.size();
  }

  State state() const { return state_; }

  std::string bytes;

 private:
  State state_ = State::complete;
  Framing framing_;
  std::size_t limit_ = 0;
  ChunkedBody chunked_;
};

} // namespace plugboard::http
