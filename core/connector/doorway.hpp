// All of the hub that a thread which a plugin forgot may still come to: the plugboard_host that its instance was given,
// and the gate behind it. One a plugin instance, and kept for as long as the library is mapped, which is for ever: so
// it is small, and whatever it leads to goes with the connector. [any thread]
#pragma once

#include "core/connector/gate.hpp"

#include <plugboard/abi.h>

#include <atomic>
#include <cstdint>

namespace plugboard::connector {

class Border;

class Doorway {
 public:
  explicit Doorway(Border& border);
  Doorway(const Doorway&) = delete;
  Doorway& operator=(const Doorway&) = delete;

  const plugboard_host& host() const { return host_; }

  static Doorway& of(const plugboard_host* host); // host: one that host() gave out

  // f(Border&) while the gate is open; otherwise() once it is shut.
  template <class F, class G>
  auto inside(F&& f, G&& otherwise) {
    const Gate::Pass pass(gate_);
    return pass ? f(*border_) : otherwise();
  }

  void complete(plugboard_call* handle, const plugboard_reply* reply);

  // When it returns, no thread is inside, and none will be again.
  void shut() { gate_.close(); }

  std::uint64_t after_end() const { return after_end_; } // completions that found the gate shut

 private:
  const plugboard_host host_; // first: what the plugin's pointer points to
  Border* const border_;      // gone when the gate is shut
  Gate gate_;
  std::atomic<std::uint64_t> after_end_ = 0;
};

} // namespace plugboard::connector
