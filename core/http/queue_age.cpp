#include "core/http/queue_age.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>

namespace plugboard::http {
namespace {

constexpr std::chrono::milliseconds kOften{1}; // what is younger is no queue

} // namespace

QueueAge::QueueAge(boost::asio::io_context& io, const Clock& clock) : clock_(clock) {
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd >= 0) queue_ = Socket::adopt(io, fd);
}

// While it still queues, what is read now came before it, and is at least as old as it is.
Duration QueueAge::of_what_comes(Instant now, std::size_t under_way) {
  if (queueing_) return std::max(last_, now - queued_);
  if (under_way > 0 && now - known_since_ >= kOften) queue_up(now);
  return last_;
}

void QueueAge::queue_up(Instant now) {
  if (!queue_) return;
  queue_->when_readable([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
    if (alive.expired() || error) return;
    eventfd_t count = 0;
    ::eventfd_read(queue_->fd(), &count);
    queueing_ = false;
    known_since_ = clock_.now();
    last_ = known_since_ - queued_;
    if (last_ >= kOften) queue_up(known_since_); // until there is no queue
  });
  queueing_ = true;
  queued_ = now;
  ::eventfd_write(queue_->fd(), 1);
}

} // namespace plugboard::http
