#include "core/session/watches.hpp"

#include <utility>
#include <vector>

namespace plugboard::session {

void Watches::add(const WatcherPtr& watcher) {
  watcher->key = key_of(*watcher->access);
  Shard& shard = shard_of(watcher->key);
  const std::lock_guard lock(shard.mutex);
  shard.watchers.emplace(watcher->key, watcher);
}

void Watches::remove(const WatcherPtr& watcher) {
  Shard& shard = shard_of(watcher->key);
  const std::lock_guard lock(shard.mutex);
  const auto [begin, end] = shard.watchers.equal_range(watcher->key);
  for (auto at = begin; at != end; ++at) {
    if (at->second != watcher) continue;
    shard.watchers.erase(at);
    return;
  }
}

// On the watcher's thread it is looked once more whether anybody waits still: he may have gone meanwhile.
void Watches::tell(const WatcherPtr& watcher) {
  auto told = [weak = std::weak_ptr(watcher)] {
    const auto still = weak.lock();
    if (!still) return;
    if (const auto ended = std::exchange(still->ended, nullptr)) ended();
  };
  if (watcher->back) return watcher->back(std::move(told));
  told();
}

void Watches::tell(const SessionKey& session) {
  Shard& shard = shard_of(session);
  std::vector<WatcherPtr> ended;
  {
    const std::lock_guard lock(shard.mutex);
    const auto [begin, end] = shard.watchers.equal_range(session);
    for (auto at = begin; at != end; ++at) ended.push_back(at->second);
  }
  for (const WatcherPtr& watcher : ended) tell(watcher);
}

void Watches::tell_if(const std::function<bool(const Access&)>& ended) {
  for (Shard& shard : shards_) {
    std::vector<WatcherPtr> all;
    {
      const std::lock_guard lock(shard.mutex);
      for (const auto& [key, watcher] : shard.watchers) all.push_back(watcher);
    }
    for (const WatcherPtr& watcher : all)
      if (ended(*watcher->access)) tell(watcher);
  }
}

std::size_t Watches::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.watchers.size();
  }
  return size;
}

} // namespace plugboard::session
