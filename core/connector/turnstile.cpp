#include "core/connector/turnstile.hpp"

#include <algorithm>

namespace plugboard::connector {

Turnstile::Turnstile(std::size_t places) : places_(places), most_waiting_(std::max<std::size_t>(64, 4 * places)) {}

bool Turnstile::try_take_place() {
  std::size_t running = running_;
  while (running < places_)
    if (running_.compare_exchange_weak(running, running + 1)) return true;
  return false;
}

Turnstile::Entry Turnstile::enter(Waiter waiter) {
  if (waiting_ == 0 && try_take_place()) return {true, 0};
  const std::lock_guard lock(mutex_);
  ++waiting_;
  if ((line_.empty() && try_take_place())) { // somebody left in between
    --waiting_;
    return {true, 0};
  }
  if (line_.size() >= most_waiting_) {
    --waiting_;
    return {false, 0};
  }
  const std::uint64_t ticket = next_ticket_++;
  line_.emplace(ticket, waiter);
  return {false, ticket};
}

std::optional<Turnstile::Waiter> Turnstile::leave() {
  --running_;
  if (waiting_ == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (line_.empty() || !try_take_place()) return std::nullopt;
  const Waiter next = line_.begin()->second;
  line_.erase(line_.begin());
  --waiting_;
  return next;
}

bool Turnstile::give_up(std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  if (line_.erase(ticket) == 0) return false;
  --waiting_;
  return true;
}

} // namespace plugboard::connector
