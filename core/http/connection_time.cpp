// How long a connection may take for what it does, and who has to go when there is no room.
#include "core/http/connection.hpp"

#include <algorithm>
#include <exception>

namespace plugboard::http {

void Connection::set_time(std::chrono::milliseconds limit) {
  expires_ = host_->clock.now() + limit;
}

// The client has as long as idle_time; but after write_time it is seen whether it has read its answer. (Not at once, so
// that this costs an idle connection one look, and a busy one nothing.)
void Connection::await_next() {
  idle_since_ = host_->clock.now();
  to_be_read_ = true;
  expires_ = std::min(write_ends_, idle_since_ + host_->limits.idle_time);
}

// What the client reads of an answer buys it time to read the rest; what only the system holds for it does not.
Instant Connection::reading_ends() {
  const auto read = written_ - std::min(transport_->socket().unread(), written_);
  return write_ends_ + std::chrono::milliseconds(read * 1000 / host_->limits.write_rate);
}

void Connection::cut_idle(Instant now) {
  if (to_be_read_ && transport_->socket().unread() > 0) return cut_reader(now);
  to_be_read_ = false;
  expires_ = idle_since_ + host_->limits.idle_time;
  if (late(now)) close();
}

void Connection::cut_reader(Instant now) {
  expires_ = reading_ends();
  if (!late(now)) return;
  host_->rejections.unread().add();
  transport_->socket().reset_at_close();
  close();
}

std::optional<Instant> Connection::idle_since() const {
  const bool idle = phase_ == Phase::reading && !reader_.begun() && backlog_.empty();
  return idle ? std::optional(idle_since_) : std::nullopt;
}

void Connection::give_way() {
  if (idle_since()) close();
}

void Connection::cut(Instant now) {
  if (phase_ == Phase::closed || !late(now)) return;
  if (phase_ == Phase::greeting) {
    host_->handshakes->timeout.add();
    host_->log.debug("http.handshake_failed", {{"reason", "it took too long"}, {"peer", peer_.address}});
  }
  if (phase_ == Phase::writing && next_ != Next::body) return cut_reader(now);
  if (phase_ == Phase::reading && !reader_.begun()) return cut_idle(now);
  if (phase_ != Phase::reading) return close();
  try {
    refuse({408, "the rest of the request did not come in time"});
  } catch (const std::exception& error) {
    return give_up(error.what());
  }
  pump();
}

} // namespace plugboard::http
