// The keys that session tickets are sealed with: made at random, in memory only, a new one each hour, each good for
// opening as long as a ticket lives. One set for all threads that serve one identity. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/random.hpp"

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <span>

namespace plugboard::http {

struct TicketKey {
  std::array<unsigned char, 16> name{};
  std::array<unsigned char, 32> cipher{};
  std::array<unsigned char, 32> mac{};
  Instant born{};

  TicketKey() = default;
  TicketKey(const TicketKey&) = default;
  TicketKey& operator=(const TicketKey&) = default;
  ~TicketKey(); // wipes it
};

class TicketKeys {
 public:
  static constexpr std::chrono::hours kTicketLife{2};
  static constexpr std::chrono::hours kSealsFor{1};

  TicketKeys(const Clock& clock, Random& random) : clock_(clock), random_(random) {} // both outlive it

  TicketKey to_seal();

  struct Opener {
    TicketKey key;
    bool current; // else the client should get a new ticket
  };

  std::optional<Opener> to_open(std::span<const unsigned char, 16> name); // none: unknown, or too old

  void random(std::span<unsigned char> bytes) { random_.fill(std::as_writable_bytes(bytes)); }

 private:
  void renew(Instant now);

  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;           // held for a copy, and once an hour for making a key
  std::deque<TicketKey> keys_; // the newest first
};

} // namespace plugboard::http
