#include "core/connector/in_flight.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {

void InFlight::open(std::shared_ptr<WorkerLink> link) {
  const std::lock_guard lock(mutex_);
  link_ = std::move(link);
}

std::vector<InFlight::Handle> InFlight::close() {
  const std::lock_guard lock(mutex_);
  std::vector<Handle> left;
  left.reserve(calls_.size());
  for (const auto& [handle, call] : calls_) left.push_back(handle);
  link_.reset();
  calls_.clear();
  cancelled_ = 0;
  return left;
}

std::shared_ptr<WorkerLink> InFlight::begin(Handle call, Instant until) {
  const std::lock_guard lock(mutex_);
  if (link_ != nullptr) calls_.emplace(call, Call{until});
  return link_;
}

bool InFlight::answered(Handle call) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(call);
  if (found == calls_.end()) return false;
  if (found->second.cancelled) --cancelled_;
  calls_.erase(found);
  return true;
}

std::shared_ptr<WorkerLink> InFlight::cancelled(Handle call, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(call);
  if (found == calls_.end()) return nullptr;
  if (!std::exchange(found->second.cancelled, true)) ++cancelled_;
  found->second.until = std::max(found->second.until, now);
  return link_;
}

std::shared_ptr<WorkerLink> InFlight::link() const {
  const std::lock_guard lock(mutex_);
  return link_;
}

bool InFlight::any_cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_ > 0;
}

bool InFlight::ignores_cancel(Instant now, Duration grace) const {
  const std::lock_guard lock(mutex_);
  return cancelled_ > 0 && std::any_of(calls_.begin(), calls_.end(), [&](const auto& call) {
           return call.second.cancelled && now - call.second.until >= grace;
         });
}

} // namespace plugboard::connector
