// What the hub says to the worker, frame by frame. Owned by serve(); its thread reads, and goes on reading when the
// plugin asks, in the middle of a call on that thread, for something that only the hub can tell. [the loop's thread]
#pragma once

#include "core/wire/frame.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace plugboard::worker {

class Inbox {
 public:
  explicit Inbox(int socket);

  // Waits for more; ends the process when the hub is gone or speaks in riddles.
  void wait();

  // The next that is there. Its body lives until the next wait().
  bool next(wire::Frame& frame);

  // Reads on until done(), in the middle of serving a frame, whose body lives on. take(): true for a frame that it has
  // served; the others wait for next().
  void read_until(const std::function<bool()>& done, const std::function<bool(const wire::Frame&)>& take);

  bool is_this_thread() const { return std::this_thread::get_id() == thread_; }

 private:
  struct Deferred {
    wire::Type type;
    std::string body;
  };

  bool cut(wire::Frame& frame);

  const int socket_;
  const std::thread::id thread_ = std::this_thread::get_id();
  wire::FrameBuffer buffer_;
  std::deque<std::unique_ptr<Deferred>> deferred_;
  std::unique_ptr<Deferred> current_; // what next() gave, if it was deferred
};

} // namespace plugboard::worker
