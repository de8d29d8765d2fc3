// Keys of what was ended: whoever is buried here is dead in this hub, whatever memory or the store still say. A grave
// is dug before memory is cleared and before the store knows, so that no read under way can bring the dead back; it is
// cleared long after the store knows. Sharded; without any grave a look costs one atomic load. [any thread]
#pragma once

#include "core/session/lookup_key.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace plugboard::session {

template <class Key>
class Graves {
 public:
  void bury(const Key& key); // each bury is ended by one finish
  // What the burial came to: the grave stays until `until`, or longer if another burial says so.
  void finish(const Key& key, Instant until, Instant now);
  bool has(const Key& key) const;

  std::size_t size() const { return count_.load(); }

  std::vector<Key> due(Instant now) const; // may be cleared
  void clear(Instant now);

 private:
  struct Grave {
    int burials = 0; // that are not finished
    Instant until = Instant::min();

    bool over(Instant now) const { return burials == 0 && until <= now; }
  };

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<Key, Grave, HashOfKey> graves;
  };

  const Shard& shard_of(const Key& key) const { return shards_[HashOfKey{}(key) / 64 % shards_.size()]; }

  Shard& shard_of(const Key& key) { return shards_[HashOfKey{}(key) / 64 % shards_.size()]; }

  std::array<Shard, 16> shards_;
  std::atomic<std::size_t> count_{0};
};

} // namespace plugboard::session
