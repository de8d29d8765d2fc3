// Which logout tokens were taken already, as long as they could be shown again: bounded, and full before it forgets.
// Owned by the connector. [any thread]
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace oidc {

class Seen {
 public:
  enum class Answer { fresh = 1, again, full };

  explicit Seen(std::size_t most = 100'000) : most_(most) {}

  // Takes it: the next time it is `again`, until good_until has passed.
  Answer take(const std::string& id, std::int64_t good_until, std::int64_t now);

 private:
  void forget(std::int64_t now);

  const std::size_t most_;
  std::mutex mutex_;
  std::set<std::string> seen_; // hashes of ids
  std::multimap<std::int64_t, std::string> by_time_;
};

} // namespace oidc
