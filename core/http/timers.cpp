#include "core/http/timers.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"

#include <algorithm>

namespace plugboard::http {

Timers::Id Timers::set(Instant at, std::function<void()> action) {
  const Id id{at, ++last_};
  actions_.emplace(id, std::move(action));
  arm();
  return id;
}

// Insists: the wait that was armed before is gone, and with it every other deadline.
void Timers::arm() {
  if (actions_.empty() || actions_.begin()->first.first >= armed_for_) return; // it will fire early, and arm itself
  using namespace std::chrono_literals;
  armed_for_ = actions_.begin()->first.first;
  const auto left = std::clamp<Duration>(armed_for_ - clock_.now(), 0ns, 24h);
  timer_.expires_after(left);
  ++arming_;
  insist([this] {
    timer_.async_wait([this, arming = arming_, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
      if (!error && !alive.expired() && arming == arming_) fire();
    });
  });
}

void Timers::fire() {
  armed_for_ = Instant::max();
  const std::weak_ptr alive(alive_);
  const OnExit rearm([&] { // an action that throws takes nothing from the others
    if (!alive.expired()) arm();
  });
  const auto now = clock_.now();
  while (!alive.expired() && !actions_.empty() && actions_.begin()->first.first <= now) {
    const auto due = actions_.extract(actions_.begin());
    due.mapped()();
  }
}

} // namespace plugboard::http
