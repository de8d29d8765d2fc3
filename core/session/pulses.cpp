#include "core/session/pulses.hpp"

namespace plugboard::session {

PulsePtr Pulses::of(const SessionKey& session, Instant used) {
  Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  std::weak_ptr<Pulse>& known = shard.pulses[session];
  PulsePtr pulse = known.lock();
  if (pulse) {
    pulse->beat(used);
  } else {
    pulse = std::make_shared<Pulse>(used);
    known = pulse;
  }
  return pulse;
}

std::optional<Instant> Pulses::last(const SessionKey& session) const {
  const Shard& shard = shard_of(session);
  const std::lock_guard lock(shard.mutex);
  const auto known = shard.pulses.find(session);
  if (known == shard.pulses.end()) return std::nullopt;
  const PulsePtr pulse = known->second.lock();
  if (!pulse) return std::nullopt;
  return pulse->used();
}

void Pulses::tidy() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    std::erase_if(shard.pulses, [](const auto& item) { return item.second.expired(); });
  }
}

} // namespace plugboard::session
