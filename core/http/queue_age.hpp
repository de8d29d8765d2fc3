// How long what a thread comes to now has lain in the kernel: nobody else knows, since a socket says only that there is
// something to read. Found out by queueing up: a descriptor of its own becomes readable behind all others that are, and
// the time until its turn is the age of what came with it. Costs three system calls a millisecond while several
// requests are under way, else nothing. One a Server. [its thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/http/socket.hpp"

#include <memory>
#include <optional>

namespace plugboard::http {

class QueueAge {
 public:
  QueueAge(boost::asio::io_context& io, const Clock& clock);

  // Of a request that is read at this moment. under_way: others that are not answered yet; while there are none,
  // nothing is found out.
  Duration of_what_comes(Instant now, std::size_t under_way);

 private:
  void queue_up(Instant now);

  const Clock& clock_;
  std::optional<Socket> queue_; // none where the system has no descriptor left: then every age is 0
  std::shared_ptr<char> alive_ = std::make_shared<char>(); // the handler holds it weakly: it may come too late
  bool queueing_ = false;
  Instant queued_{};
  Instant known_since_{};
  Duration last_{}; // age
};

} // namespace plugboard::http
