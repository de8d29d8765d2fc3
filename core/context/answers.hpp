// Station 7's door: asks for a section's answer where it is kept, then where somebody's equal question is under way,
// and only then the connector. Policy comes after, by whoever reads. One a hub, built by daemon/, used by all fan-outs;
// in shards, each under a lock that is held shortly. [any thread; what comes back, on the asker's home's]
#pragma once

#include "core/base/random.hpp"
#include "core/context/flight.hpp"
#include "core/context/freshness.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::context {

struct Purge {        // empty: whichever
  std::string tenant; // "*": every
  std::string customer, connector, section;
};

struct CacheFigures {
  std::size_t most_bytes = 0, bytes = 0, entries = 0, flights = 0;
  std::uint64_t evictions = 0;
};

class Answers {
 public:
  Answers(std::size_t most_bytes, Random& random, Metrics& metrics);
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  ~Answers();

  AnswerSourcePtr source(SourceSpec spec); // for a generation that is being built
  CustomerMark mark(std::string_view tenant, std::string_view customer) const;

  // What a question came to: an answer at once, a flight to wait for, or neither: then it is nobody else's business,
  // and the asker calls the connector itself. fallback: what may be given should the call fail, until then.
  struct Found {
    std::optional<connector::Outcome> outcome;
    FlightPtr flight;
    std::optional<KeptAnswer> fallback;
    Instant fallback_until{};
  };

  // [the asker's home's thread] With a flight answered() runs once, at the latest when the call does that was made
  // for it, perhaps before this returns: but not once the asker has left.
  Found ask(const Question& question, const std::shared_ptr<connector::Connector>& connector, Waiting who,
            std::optional<Duration> max_age);
  void leave(const FlightPtr& flight, const Asker& asker, std::size_t section); // [the same thread]

  std::size_t purge(const Purge& purge);                       // answers dropped; calls under way will not be kept
  void keep_only(const std::vector<AnswerSourcePtr>& sources); // what other sources answered goes
  void tend(Instant now);                                      // drops what is too old
  CacheFigures figures() const;

 private:
  struct Shard;

  Shard& shard_of(std::uint64_t hash) const;
  // Those with a shard among their arguments are called under its lock.
  static Found look_up(Shard& shard, std::uint64_t hash, const Question& question, const Waiting& who,
                       std::optional<Duration> max_age, bool& refresh);
  static FlightPtr join(Shard& shard, std::uint64_t hash, const Question& question, const Waiting& who,
                        std::optional<Duration> max_age);
  void launch(const FlightPtr& flight, const Asker& asker);
  void landed(const FlightPtr& flight, connector::Outcome outcome);
  void keep(Shard& shard, Flight& flight, const connector::Outcome& outcome, Instant now);
  void fail(const FlightPtr& flight);
  void note(Shard& shard); // for the figures

  const std::uint64_t seed_;
  const std::size_t most_bytes_;
  std::vector<std::unique_ptr<Shard>> shards_;
  Metrics& metrics_;
  Counter& evictions_;
  Gauge& bytes_;
  Gauge& entries_;
  std::vector<AnswerSourcePtr> current_; // [keep_only's thread]
};

} // namespace plugboard::context
