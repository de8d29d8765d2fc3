// What the worker says to the hub: frames from any thread, whole and in order, over the one socket. What the loop's own
// thread says while it serves a batch goes out in one write at its end. [any thread]
#pragma once

#include <mutex>
#include <string>
#include <thread>

namespace plugboard::worker {

class Outbox {
 public:
  explicit Outbox(int socket) : socket_(socket) {}

  // append(std::string& out): writes its frames.
  template <class F>
  void send(F&& append) {
    const std::lock_guard lock(mutex_);
    append(pending_);
    if (holder_ != std::this_thread::get_id() || pending_.size() >= kEnough) flush();
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
  void flush(); // under the mutex; ends the process when the hub is gone

  const int socket_;
  std::mutex mutex_;
  std::string pending_;
  std::thread::id holder_;
};

} // namespace plugboard::worker
