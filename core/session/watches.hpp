// Who wants to know at once when a session ends, because work for it is under way: one watch a context, gone with it.
// A revocation tells those whom it ends. Sharded by session. [any thread; told on the thread that the watcher named]
#pragma once

#include "core/session/lookup_key.hpp"
#include "core/store/database.hpp"

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace plugboard::session {

class Watch; // the watcher's end, in sessions.hpp

class Watches {
 public:
  struct Watcher {
    AccessPtr access;
    store::Poster back;
    std::function<void()> ended;
    SessionKey key{}; // add()'s: remove() must not need memory
  };

  using WatcherPtr = std::shared_ptr<Watcher>;

  void add(const WatcherPtr& watcher);
  void remove(const WatcherPtr& watcher);

  void tell(const SessionKey& session); // it ended
  void tell_if(const std::function<bool(const Access&)>& ended);
  static void tell(const WatcherPtr& watcher);

  std::size_t size() const;

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_multimap<SessionKey, WatcherPtr, HashOfKey> watchers;
  };

  Shard& shard_of(const SessionKey& key) { return shards_[HashOfKey{}(key) / 64 % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

} // namespace plugboard::session
