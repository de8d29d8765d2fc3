// Lets at most so many calls of one connector run at once, over all homes; some more wait in line. Who runs and who
// waits is said by number only: the calls are somebody else's. [any thread; no lock while nobody waits]
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

namespace plugboard::connector {

class Turnstile {
 public:
  explicit Turnstile(std::size_t places); // waiting: four times as many, at least 64

  struct Waiter {
    std::size_t home = 0;
    std::uint64_t call = 0;
  };

  struct Entry {
    bool admitted = false;
    std::uint64_t ticket = 0; // not admitted: its place in the line; 0: the line is full
  };

  Entry enter(Waiter waiter);
  // A place is free again. Who gets it, if anybody waits: that call runs from now on.
  std::optional<Waiter> leave();
  // False: it does not wait any more; it was admitted, and whoever admitted it is about to say so.
  bool give_up(std::uint64_t ticket);

  std::size_t running() const { return running_; }

  std::size_t waiting() const { return waiting_; }

  std::size_t places() const { return places_; }

  std::size_t most_waiting() const { return most_waiting_; }

 private:
  bool try_take_place();

  const std::size_t places_;
  const std::size_t most_waiting_;
  std::atomic<std::size_t> running_ = 0;
  std::atomic<std::size_t> waiting_ = 0; // raised before a look for a place: leave() sees it or enter() sees the place
  std::mutex mutex_;
  std::map<std::uint64_t, Waiter> line_; // by ticket
  std::uint64_t next_ticket_ = 1;
};

} // namespace plugboard::connector
