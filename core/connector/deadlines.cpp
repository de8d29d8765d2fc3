#include "core/connector/deadlines.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"

namespace plugboard::connector {
namespace {
constexpr Duration kLongestWait = std::chrono::hours(1); // then it looks again; the end of time is no good to a timer
}

Deadlines::Deadlines(boost::asio::io_context& io, const Clock& clock, std::function<void(Connector::CallId)> passed)
    : clock_(clock), passed_(std::move(passed)), timer_(io) {}

void Deadlines::add(Deadline until, Connector::CallId call) {
  pending_.emplace(until.at(), call);
  if (pending_.begin()->first < armed_) arm();
}

void Deadlines::remove(Deadline until, Connector::CallId call) {
  pending_.erase({until.at(), call});
  if (!pending_.empty() || armed_ == Instant::max()) return; // else it fires, finds nothing due, and is armed anew
  timer_.cancel();
  armed_ = Instant::max();
}

// Insists: the timer that was armed before is gone, and with it the end of every other call.
void Deadlines::arm() {
  armed_ = pending_.begin()->first;
  const Duration wait = std::min(Deadline(armed_).left(clock_.now()), kLongestWait);
  timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(wait));
  insist([this] {
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
      if (!cancelled && !alive.expired()) expire();
    });
  });
}

void Deadlines::expire() {
  armed_ = Instant::max();
  const OnExit rearm([this, alive = std::weak_ptr(alive_)] { // one that throws takes nothing from the others
    if (!alive.expired() && !pending_.empty() && pending_.begin()->first < armed_) arm();
  });
  const Instant now = clock_.now();
  while (!pending_.empty() && pending_.begin()->first <= now) {
    const Connector::CallId call = pending_.begin()->second;
    pending_.erase(pending_.begin());
    passed_(call);
  }
}

} // namespace plugboard::connector
