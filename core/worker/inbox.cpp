#include "core/worker/inbox.hpp"

#include <cerrno>
#include <limits>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::worker {

Inbox::Inbox(int socket) : socket_(socket), buffer_(std::numeric_limits<std::uint32_t>::max()) {}

void Inbox::wait() {
  const std::span<char> room = buffer_.room();
  for (;;) {
    const ssize_t got = ::recv(socket_, room.data(), room.size(), 0);
    if (got > 0) return buffer_.filled(static_cast<std::size_t>(got));
    if (got == 0 || errno != EINTR) ::_exit(0);
  }
}

bool Inbox::cut(wire::Frame& frame) {
  const auto next = buffer_.next(frame);
  if (next == wire::FrameBuffer::Next::violation) ::_exit(1);
  return next == wire::FrameBuffer::Next::frame;
}

bool Inbox::next(wire::Frame& frame) {
  if (deferred_.empty()) return cut(frame);
  current_ = std::move(deferred_.front());
  deferred_.pop_front();
  frame = {current_->type, current_->body};
  return true;
}

void Inbox::read_until(const std::function<bool()>& done, const std::function<bool(const wire::Frame&)>& take) {
  const auto served = buffer_.set_aside(); // the frame that is being served stands in it
  const auto current = std::move(current_);
  wire::Frame frame;
  while (!done()) {
    if (!cut(frame))
      wait();
    else if (!take(frame))
      deferred_.push_back(std::make_unique<Deferred>(Deferred{frame.type, std::string(frame.body)}));
  }
}

} // namespace plugboard::worker
