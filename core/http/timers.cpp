#include "core/http/timers.hpp"

#include "core/base/insist.hpp"

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

class Timers::Firing { // an action that throws takes nothing from the others
 public:
  explicit Firing(Timers& timers) : timers_(timers), alive_(timers.alive_) { timers_.armed_for_ = Instant::max(); }

  ~Firing() {
    if (!over()) timers_.arm();
  }

  Firing(const Firing&) = delete;
  Firing& operator=(const Firing&) = delete;

  bool over() const { return alive_.expired(); }

 private:
  Timers& timers_;
  const std::weak_ptr<char> alive_;
};

void Timers::fire() {
  const Firing firing(*this);
  const auto now = clock_.now();
  while (!firing.over() && !actions_.empty() && actions_.begin()->first.first <= now) {
    const auto due = actions_.extract(actions_.begin());
    due.mapped()();
  }
}

} // namespace plugboard::http
