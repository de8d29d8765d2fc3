// Counts who is inside, and closes for good: close() returns when the last has left. What a plugin's threads use of the
// hub stands behind one, so that a late one finds it shut instead of something destroyed. [any thread]
#pragma once

#include <atomic>
#include <cstdint>

namespace plugboard::connector {

class Gate {
 public:
  class Pass { // inside while alive, unless it says no
   public:
    explicit Pass(Gate& gate) : gate_(gate.enter() ? &gate : nullptr) {}

    ~Pass() {
      if (gate_ != nullptr) gate_->leave();
    }

    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    explicit operator bool() const { return gate_ != nullptr; }

   private:
    Gate* gate_;
  };

  void close() {
    std::uint64_t inside = state_.fetch_or(kClosed) | kClosed;
    while (inside != kClosed) {
      state_.wait(inside);
      inside = state_;
    }
  }

 private:
  static constexpr std::uint64_t kClosed = std::uint64_t{1} << 63;

  bool enter() {
    std::uint64_t state = state_;
    while ((state & kClosed) == 0)
      if (state_.compare_exchange_weak(state, state + 1)) return true;
    return false;
  }

  void leave() {
    if (--state_ == kClosed) state_.notify_all();
  }

  std::atomic<std::uint64_t> state_ = 0;
};

} // namespace plugboard::connector
