// One part of the hub's kept answers and flights, by the hash of their keys. Belongs to Answers. [its mutex]
#pragma once

#include "core/context/answers.hpp"

#include <unordered_map>
#include <vector>

namespace plugboard::context {

struct Answers::Shard {
  explicit Shard(std::size_t most_bytes) : kept(most_bytes) { spare.reserve(64); }

  // Costs no memory. Must be closed before it ends.
  void open(Flight& flight) {
    flight.after = std::exchange(first, &flight);
    if (flight.after != nullptr) flight.after->before = &flight;
    ++under_way;
  }

  void close(Flight& flight) {
    if (std::exchange(flight.is_over, true)) return;
    if (flight.after != nullptr) flight.after->before = flight.before;
    (flight.before != nullptr ? flight.before->after : first) = flight.after;
    --under_way;
    leave_table(flight);
  }

  // Who waits for it goes on waiting; nobody joins it any more, and nothing of it is kept.
  void forget(Flight& flight) {
    flight.is_kept = false;
    leave_table(flight);
  }

  void enter_table(const FlightPtr& flight) { // where nobody has its hash
    if (spare.empty()) {
      flights.emplace(flight->hash, flight);
    } else {
      auto node = std::move(spare.back());
      spare.pop_back();
      node.key() = flight->hash;
      node.mapped() = flight;
      flights.insert(std::move(node));
    }
    flight->is_joinable = true;
  }

  void leave_table(Flight& flight) {
    if (!std::exchange(flight.is_joinable, false)) return;
    auto node = flights.extract(flight.hash);
    node.mapped() = nullptr; // never the last: whoever closes it holds it, too
    if (spare.size() < spare.capacity()) spare.push_back(std::move(node));
  }

  std::mutex mutex;
  KeptAnswers kept;
  using Flights = std::unordered_map<std::uint64_t, FlightPtr>;
  Flights flights;                       // that may be joined
  std::vector<Flights::node_type> spare; // of those that were, for those to come
  Flight* first = nullptr;               // of those, and the others under way
  std::size_t under_way = 0;
  std::size_t told_bytes = 0, told_entries = 0; // to the metrics
  std::uint64_t told_evictions = 0;
};

} // namespace plugboard::context
