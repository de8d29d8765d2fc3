// Guesses at one customer's proof from one place: twenty within a minute, and that pair waits, nobody else. Kept by
// digest, so that nobody is named here; so many at most, the longest unused go. One a hub. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/crypto.hpp"

#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plugboard::session {

struct Trial { // views: for one call
  std::string_view tenant, connector;
  std::string_view subject; // whom the proof was tried for
  std::string_view source;  // where from, as the client saw it, else the client's own address
};

class BadTries {
 public:
  static constexpr std::size_t kMost = 20;
  static constexpr Duration kWithin = std::chrono::minutes(1);

  explicit BadTries(std::size_t kept = 100'000) : kept_(kept) {}

  Duration wait(const Trial& trial, Instant now) const; // zero: it may be tried
  void count(const Trial& trial, Instant now);

 private:
  struct Entry {
    Digest key{};
    std::vector<Instant> times; // the last kMost, oldest first
  };

  using Order = std::list<Entry>; // the last used first

  struct HashOfDigest {
    std::size_t operator()(const Digest& digest) const;
  };

  const std::size_t kept_;
  mutable std::mutex mutex_;
  Order order_;
  std::unordered_map<Digest, Order::iterator, HashOfDigest> entries_;
};

} // namespace plugboard::session
