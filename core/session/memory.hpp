// Live sessions in memory, by token: bounded, the least recently used go. Knows when each was last used and which of
// those uses the store does not have yet. It vouches only for life: what it does not know, or knows to be idle, the
// store decides. Sharded by token; a look costs one short lock. [any thread]
#pragma once

#include "core/session/lookup_key.hpp"
#include "core/session/moment.hpp"
#include "core/session/pulses.hpp"

#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace plugboard::session {

struct Touch { // a use that the store does not have yet
  TokenKey token;
  AccessPtr access;
  Instant used;
};

class Memory {
 public:
  explicit Memory(std::size_t capacity);

  // What it opens if it is here; a live one has been used now. Idle ones are forgotten and not told.
  AccessPtr use(const TokenKey& token, Moment now);
  bool has(const TokenKey& token) const; // is no use
  // saved: the store knows of this use. Keeps what is here already.
  void keep(const TokenKey& token, AccessPtr access, Instant used, bool saved);

  struct Dropped {
    AccessPtr access; // null: was not here
    bool live = false;
  };

  Dropped drop(const TokenKey& token, Moment now);
  void drop_sessions(const std::unordered_set<SessionKey, HashOfKey>& sessions); // under whichever token
  // Over, idle or revoked: nobody need ask for them first. Uses that wait for the store stay.
  void drop_ended(Moment now, const std::function<bool(const Access&)>& revoked);

  std::optional<Instant> last_use(const SessionKey& session) const { return pulses_.last(session); }

  std::vector<Touch> unsaved() const;
  void saved(const std::vector<Touch>& touches);

 private:
  struct Entry {
    TokenKey token;
    AccessPtr access;
    PulsePtr pulse;
  };

  using EntryPtr = std::shared_ptr<Entry>;
  using Order = std::list<EntryPtr>; // most recently used first

  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<TokenKey, Order::iterator, HashOfKey> entries;
    Order order;
    std::unordered_map<TokenKey, EntryPtr, HashOfKey> unsaved; // also those that had to go from `entries`
  };

  const Shard& shard_of(const TokenKey& token) const { return shards_[HashOfKey{}(token) / 64 % shards_.size()]; }

  Shard& shard_of(const TokenKey& token) { return shards_[HashOfKey{}(token) / 64 % shards_.size()]; }

  void insert(Shard& shard, EntryPtr entry);
  void touch(Shard& shard, const EntryPtr& entry, Instant used);

  std::size_t capacity_; // of one shard
  Pulses pulses_;
  std::vector<Shard> shards_;
};

} // namespace plugboard::session
