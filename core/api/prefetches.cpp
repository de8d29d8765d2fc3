#include "core/api/prefetches.hpp"

namespace plugboard::api {

Prefetches::Entry::Entry(Entry&& other) noexcept
    : all_(std::exchange(other.all_, nullptr)), id_(std::move(other.id_)) {}

Prefetches::Entry& Prefetches::Entry::operator=(Entry&& other) noexcept {
  std::swap(all_, other.all_);
  std::swap(id_, other.id_);
  return *this;
}

Prefetches::Entry::~Entry() {
  if (all_) all_->leave(id_);
}

Prefetches::Entry Prefetches::enter(std::string id, Owner owner, CallOff call_off) {
  Entry entry;
  entry.id_ = std::move(id);
  const std::scoped_lock lock(mutex_);
  under_way_.try_emplace(entry.id_, std::move(owner), std::move(call_off));
  entry.all_ = this;
  return entry;
}

void Prefetches::call_off(const std::string& id, const Owner& owner) {
  CallOff call_off;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = under_way_.find(id);
    if (found == under_way_.end() || found->second.first != owner) return;
    call_off = found->second.second;
  }
  call_off();
}

void Prefetches::leave(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  under_way_.erase(id);
}

} // namespace plugboard::api
