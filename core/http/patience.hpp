// How much an HTTP/2 peer may send that brings no answer further: pings, settings, frames of nothing, frames for calls
// that were given up. Each costs as much as it is work; what an answer gets out of them pays back; who only spends is
// left. It sees the bytes themselves, as nghttp2 tells nothing of what it ignores. [the trunk's thread]
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plugboard::http {

class Patience {
 public:
  void hear(std::string_view bytes);

  void earn(std::size_t bytes) { // of an answer
    if (left_ < kFull) left_ = std::min(kFull, left_ + kGain + cost(bytes));
  }

  void allow(std::size_t bytes) { left_ += kGain + 4 * cost(bytes); } // may still come, though nobody waits for it

  bool over() const { return left_ < 0; }

  std::uint64_t frames() const { return frames_; } // begun so far

  static constexpr std::size_t kHead = 9; // bytes before each frame's content, the first three its length

  std::size_t half_a_head() const { return head_; } // bytes heard last that begin a head, and are not all of it

 private:
  static constexpr std::int64_t kFull = 1000; // empty frames in a row
  static constexpr std::int64_t kGain = 10;

  static std::int64_t cost(std::size_t bytes) { return 1 + static_cast<std::int64_t>(bytes / 1024); }

  std::int64_t left_ = kFull;
  std::uint64_t frames_ = 0;
  std::size_t length_ = 0;  // of the frame whose head is being read
  std::size_t head_ = 0;    // bytes of it that have come
  std::size_t content_ = 0; // bytes that are still to come
};

} // namespace plugboard::http
