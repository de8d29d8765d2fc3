#include "core/session/bad_tries.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace plugboard::session {

namespace {

Digest key_of(const Trial& trial) { // the parts side by side, never joined into one text
  std::string parts;
  for (const auto part : {trial.tenant, trial.connector, trial.subject, trial.source})
    parts.append(std::to_string(part.size())).append(":").append(part);
  return sha256(parts);
}

} // namespace

std::size_t BadTries::HashOfDigest::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

Duration BadTries::wait(const Trial& trial, Instant now) const {
  const Digest key = key_of(trial);
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second->times.size() < kMost) return Duration::zero();
  return std::max(Duration::zero(), found->second->times.front() + kWithin - now);
}

void BadTries::count(const Trial& trial, Instant now) {
  const Digest key = key_of(trial);
  const std::lock_guard lock(mutex_);
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= kept_) {
      entries_.erase(order_.back().key);
      order_.pop_back();
    }
    order_.push_front({key, {}});
    found = entries_.emplace(key, order_.begin()).first;
  }
  order_.splice(order_.begin(), order_, found->second);
  auto& times = found->second->times;
  if (times.size() == kMost) times.erase(times.begin());
  times.push_back(now);
}

} // namespace plugboard::session
