#include "plugins/oidc/seen.hpp"

#include "plugins/oidc/digest.hpp"

namespace oidc {

Seen::Answer Seen::take(const std::string& id, std::int64_t good_until, std::int64_t now) {
  std::string key = sha2(256, id); // of one size, however long an id is
  const std::lock_guard lock(mutex_);
  forget(now);
  if (seen_.contains(key)) return Answer::again;
  if (seen_.size() >= most_) return Answer::full;
  seen_.insert(key);
  by_time_.emplace(good_until, std::move(key));
  return Answer::fresh;
}

void Seen::forget(std::int64_t now) {
  while (!by_time_.empty() && by_time_.begin()->first < now) {
    seen_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
}

} // namespace oidc
