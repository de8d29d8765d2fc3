#include "core/session/memory.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kWorthAShard = 64;     // a small memory is not split: its order stays exact
constexpr std::size_t kUnsavedBeyond = 1024; // uses of forgotten sessions that wait for the store; more are lost

} // namespace

Memory::Memory(std::size_t capacity) : shards_(std::clamp<std::size_t>(capacity / kWorthAShard, 1, kShards)) {
  capacity_ = std::max<std::size_t>(capacity / shards_.size(), 1);
}

bool Memory::has(const TokenKey& token) const {
  const Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  return shard.entries.contains(token) || shard.unsaved.contains(token);
}

AccessPtr Memory::use(const TokenKey& token, Moment now) {
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(token);
  const auto waiting = found == shard.entries.end() ? shard.unsaved.find(token) : shard.unsaved.end();
  if (found == shard.entries.end() && waiting == shard.unsaved.end()) return nullptr;
  const EntryPtr entry = found != shard.entries.end() ? *found->second : waiting->second;
  if (is_over(entry->access->session, now)) return entry->access;
  if (is_idle(entry->access->session, entry->pulse->used(), now)) {
    if (found != shard.entries.end()) {
      shard.order.erase(found->second);
      shard.entries.erase(found);
    }
    return nullptr;
  }
  if (found != shard.entries.end()) {
    shard.order.splice(shard.order.begin(), shard.order, found->second);
  } else {
    insert(shard, entry);
  }
  touch(shard, entry, now.steady);
  if (has_ended_proof(entry->access->session, now)) {
    auto left = std::make_shared<Access>(*entry->access);
    drop_ended_proofs(left->session, now);
    entry->access = std::move(left);
  }
  return entry->access;
}

void Memory::keep(const TokenKey& token, AccessPtr access, Instant used, bool saved) {
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(token);
  if (found == shard.entries.end()) {
    auto pulse = pulses_.of(key_of(*access), used);
    insert(shard, std::make_shared<Entry>(Entry{token, std::move(access), std::move(pulse)}));
  }
  if (!saved) touch(shard, *shard.entries.at(token), used);
}

void Memory::insert(Shard& shard, EntryPtr entry) {
  shard.order.push_front(std::move(entry));
  shard.entries.emplace(shard.order.front()->token, shard.order.begin());
  if (shard.entries.size() <= capacity_) return;
  shard.entries.erase(shard.order.back()->token);
  shard.order.pop_back();
}

void Memory::touch(Shard& shard, const EntryPtr& entry, Instant used) {
  entry->pulse->beat(used);
  if (shard.unsaved.size() < capacity_ + kUnsavedBeyond) shard.unsaved.insert_or_assign(entry->token, entry);
}

Memory::Dropped Memory::drop(const TokenKey& token, Moment now) {
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  EntryPtr entry;
  if (const auto waiting = shard.unsaved.extract(token)) entry = waiting.mapped();
  if (const auto found = shard.entries.find(token); found != shard.entries.end()) {
    entry = *found->second;
    shard.order.erase(found->second);
    shard.entries.erase(found);
  }
  if (!entry) return {};
  return {entry->access,
          !is_over(entry->access->session, now) && !is_idle(entry->access->session, entry->pulse->used(), now)};
}

void Memory::drop_sessions(const std::unordered_set<SessionKey, HashOfKey>& sessions) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    std::erase_if(shard.unsaved, [&](const auto& item) { return sessions.contains(key_of(*item.second->access)); });
    std::erase_if(shard.order, [&](const EntryPtr& entry) {
      if (!sessions.contains(key_of(*entry->access))) return false;
      shard.entries.erase(entry->token);
      return true;
    });
  }
}

void Memory::drop_ended(Moment now, const std::function<bool(const Access&)>& revoked) {
  pulses_.tidy();
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    std::erase_if(shard.order, [&](const EntryPtr& entry) {
      const bool ended = is_over(entry->access->session, now) ||
                         is_idle(entry->access->session, entry->pulse->used(), now) || revoked(*entry->access);
      if (!ended) return false;
      shard.entries.erase(entry->token);
      return true;
    });
  }
}

std::vector<Touch> Memory::unsaved() const {
  std::vector<Touch> touches;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (const auto& [token, entry] : shard.unsaved) touches.push_back({token, entry->access, entry->pulse->used()});
  }
  return touches;
}

void Memory::saved(const std::vector<Touch>& touches) {
  for (const Touch& touch : touches) {
    Shard& shard = shard_of(touch.token);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.unsaved.find(touch.token);
    if (found != shard.unsaved.end() && found->second->pulse->used() == touch.used)
      shard.unsaved.erase(found); // not used since
  }
}

} // namespace plugboard::session
