// One part of the hub's kept answers and flights, by the hash of their keys. Belongs to Answers. [its mutex]
#pragma once

#include "core/context/answers.hpp"

#include <unordered_map>
#include <unordered_set>

namespace plugboard::context {

struct Answers::Shard {
  explicit Shard(std::size_t most_bytes) : kept(most_bytes) {}

  void close(Flight& flight) {
    flight.is_over = true;
    all.erase(&flight);
    if (std::exchange(flight.is_joinable, false)) flights.erase(flight.hash);
  }

  // Who waits for it goes on waiting; nobody joins it any more, and nothing of it is kept.
  void forget(Flight& flight) {
    flight.is_kept = false;
    if (std::exchange(flight.is_joinable, false)) flights.erase(flight.hash);
  }

  std::mutex mutex;
  KeptAnswers kept;
  std::unordered_map<std::uint64_t, FlightPtr> flights; // that may be joined
  std::unordered_set<Flight*> all;                      // those, and the others under way
  std::size_t told_bytes = 0, told_entries = 0;         // to the metrics
  std::uint64_t told_evictions = 0;
};

} // namespace plugboard::context
