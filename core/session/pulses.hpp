// When each session in memory was last used, whichever of its tokens was: a session idles as a whole. Sharded by
// session; a pulse lives as long as anybody holds it. [any thread]
#pragma once

#include "core/session/lookup_key.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace plugboard::session {

class Pulse {
 public:
  explicit Pulse(Instant used) : used_(used.time_since_epoch().count()) {}

  Instant used() const { return Instant(Duration(used_.load())); }

  void beat(Instant used) {
    const Duration::rep now = used.time_since_epoch().count();
    Duration::rep last = used_.load();
    while (last < now && !used_.compare_exchange_weak(last, now)) {}
  }

 private:
  std::atomic<Duration::rep> used_;
};

using PulsePtr = std::shared_ptr<Pulse>;

class Pulses {
 public:
  PulsePtr of(const SessionKey& session, Instant used); // has beaten then, too
  std::optional<Instant> last(const SessionKey& session) const;
  void tidy(); // those that nobody holds

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<SessionKey, std::weak_ptr<Pulse>, HashOfKey> pulses;
  };

  const Shard& shard_of(const SessionKey& key) const { return shards_[HashOfKey{}(key) / 64 % shards_.size()]; }

  Shard& shard_of(const SessionKey& key) { return shards_[HashOfKey{}(key) / 64 % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

} // namespace plugboard::session
