// Keeps the bytes that a parser has seen but cannot take before more follow them (half a chunk's first line).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard::http {

class Carry {
 public:
  static constexpr std::size_t kLimit = 8 * 1024; // a chunk's first line, or all trailers

  // take(bytes) returns how many it took; done() whether the message is complete. Returns how many of `bytes` are
  // used up: all, unless the message ended among them.
  template <class Take, class Done>
  std::size_t feed(std::string_view bytes, Take take, Done done) {
    const auto before = rest_.size();
    if (before > 0) rest_.append(bytes);
    const auto taken = take(before > 0 ? std::string_view(rest_) : bytes);
    if (done()) {
      rest_.clear();
      return taken - before; // the message lacked bytes, so it took more than was there before
    }
    if (before > 0)
      rest_.erase(0, taken);
    else
      rest_.assign(bytes.substr(taken));
    return bytes.size();
  }

  bool overfull() const { return rest_.size() > kLimit; }

  void clear() { rest_.clear(); }

 private:
  std::string rest_;
};

} // namespace plugboard::http
