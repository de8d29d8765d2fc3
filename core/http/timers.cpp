#include "core/http/timers.hpp"

#include <algorithm>

namespace plugboard::http {

Timers::Id Timers::set(Instant at, std::function<void()> action) {
  const Id id{at, ++last_};
  actions_.emplace(id, std::move(action));
  arm();
  return id;
}

void Timers::arm() {
  if (actions_.empty() || actions_.begin()->first.first >= armed_for_) return; // it will fire early, and arm itself
  using namespace std::chrono_literals;
  armed_for_ = actions_.begin()->first.first;
  const auto left = std::clamp<Duration>(armed_for_ - clock_.now(), 0ns, 24h);
  timer_.expires_after(left);
  timer_.async_wait([this, arming = ++arming_, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
    if (!error && !alive.expired() && arming == arming_) fire();
  });
}

void Timers::fire() {
  const std::weak_ptr alive = alive_;
  armed_for_ = Instant::max();
  const auto now = clock_.now();
  while (!actions_.empty() && actions_.begin()->first.first <= now) {
    const auto due = actions_.extract(actions_.begin());
    due.mapped()();
    if (alive.expired()) return;
  }
  arm();
}

} // namespace plugboard::http
