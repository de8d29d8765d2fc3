#include "core/connector/deadlines.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {
constexpr Duration kLongestWait = std::chrono::hours(1); // then it looks again; the end of time is no good to a timer
}

Deadlines::Deadlines(boost::asio::io_context& io, const Clock& clock, std::function<void(Connector::CallId)> passed)
    : clock_(clock), passed_(std::move(passed)), timer_(io) {}

void Deadlines::add(Deadline until, Connector::CallId call) {
  const auto at =
      std::upper_bound(pending_.begin(), pending_.end(), std::pair(until.at(), call)); // most often the last
  pending_.emplace(at, until.at(), call);
  if (pending_.front().first < armed_) arm();
}

void Deadlines::remove(Deadline until, Connector::CallId call) {
  const auto at = std::lower_bound(pending_.begin(), pending_.end(), std::pair(until.at(), call));
  if (at != pending_.end() && *at == std::pair(until.at(), call)) pending_.erase(at);
} // the timer stays: if nothing is due when it fires it is armed anew, and calls that end in time never touch it

// Insists: the timer that was armed before is gone, and with it the end of every other call.
void Deadlines::arm() {
  armed_ = pending_.front().first;
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
    if (!alive.expired() && !pending_.empty() && pending_.front().first < armed_) arm();
  });
  const Instant now = clock_.now();
  while (!pending_.empty() && pending_.front().first <= now) {
    const Connector::CallId call = pending_.front().second;
    pending_.erase(pending_.begin());
    passed_(call);
  }
}

} // namespace plugboard::connector
