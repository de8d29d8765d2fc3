#include "core/session/graves.hpp"

namespace plugboard::session {

template <class Key>
void Graves<Key>::bury(const Key& key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto [grave, dug] = shard.graves.try_emplace(key);
  ++grave->second.burials;
  if (dug) count_.fetch_add(1);
}

template <class Key>
void Graves<Key>::finish(const Key& key, Instant until, Instant now) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto grave = shard.graves.find(key);
  if (grave == shard.graves.end()) return;
  --grave->second.burials;
  grave->second.until = std::max(grave->second.until, until);
  if (!grave->second.over(now)) return;
  shard.graves.erase(grave);
  count_.fetch_sub(1);
}

template <class Key>
bool Graves<Key>::has(const Key& key) const {
  if (count_.load() == 0) return false;
  const Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  return shard.graves.contains(key);
}

template <class Key>
std::vector<Key> Graves<Key>::due(Instant now) const {
  std::vector<Key> keys;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (const auto& [key, grave] : shard.graves) {
      if (grave.over(now)) keys.push_back(key);
    }
  }
  return keys;
}

template <class Key>
void Graves<Key>::clear(Instant now) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count_.fetch_sub(std::erase_if(shard.graves, [now](const auto& item) { return item.second.over(now); }));
  }
}

template class Graves<SessionKey>;
template class Graves<TokenKey>;

} // namespace plugboard::session
