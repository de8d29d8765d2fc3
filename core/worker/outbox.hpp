// What the worker says to the hub: frames from any thread, whole and in order, over the one socket. What the loop's own
// thread says while it serves a batch goes out in one write at its end. [any thread]
#pragma once

#include "core/base/on_exit.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace plugboard::worker {

class Outbox {
 public:
  explicit Outbox(int socket) : socket_(socket) {}

  // append(std::string& out): writes its frames. tail: what follows them; a large one goes out uncopied, at once.
  template <class F>
  void send(F&& append, std::string_view tail = {}) {
    const std::lock_guard lock(mutex_);
    const bool copied = tail.size() < kLarge;
    OnExit half_a_frame([this, before = pending_.size()] { pending_.resize(before); });
    append(pending_);
    if (copied) pending_.append(std::exchange(tail, {}));
    half_a_frame.dismiss();
    if (!copied || holder_ != std::this_thread::get_id() || pending_.size() >= kEnough) flush(tail);
  }

  // While it lives, this thread's frames wait for its end, or for flush_held().
  class Hold {
   public:
    explicit Hold(Outbox& outbox);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Outbox& outbox_;
  };

  void flush_held();

 private:
  static constexpr std::size_t kEnough = 256 * 1024;
  static constexpr std::size_t kLarge = 32 * 1024;
  void flush(std::string_view tail); // under the mutex; ends the process when the hub is gone

  const int socket_;
  std::mutex mutex_;
  std::string pending_;
  std::thread::id holder_;
};

} // namespace plugboard::worker
