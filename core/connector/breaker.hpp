// Whether a system is asked at all, for one tenant: when of its last twenty calls half failed, or most were slow, and
// not all of these in one moment, it is left alone but for a probe now and then, and asked again once two probes in a
// row went well. The second comes soon: an answer of forty systems is complete when the last of them is asked again. On
// average there is no more than one a second. Pure. [one at a time]
#pragma once

#include "core/base/random.hpp"
#include "core/connector/steady_rules.hpp"
#include "core/connector/symptom.hpp"

#include <array>
#include <cstdint>

namespace plugboard::connector {

class Breaker {
 public:
  explicit Breaker(const BreakerRules& rules);

  struct Entry {
    bool admitted = true;
    bool probe = false;     // admitted, to see how it fares
    Duration retry_after{}; // not admitted: until the next probe
  };

  Entry enter(Instant now, Random& random);

  struct Call { // one that was admitted and is over
    Symptom symptom = Symptom::none;
    bool slow = false;
    bool probe = false;
    Instant started{};
  };

  void ended(const Call& call, Instant now, Random& random);

  bool is_open() const { return open_; }

  Instant since() const { return since_; } // it has been as it is

  Duration until_probe(Instant now) const;

  std::uint64_t opened() const { return opened_; } // how often

 private:
  static constexpr std::size_t kCalls = 20;

  struct Seen {
    Instant at = Instant::min(); // min: nothing was
    bool failed = false, slow = false;
  };

  struct Lately { // half a second of calls; what happened in the one before still counts
    Instant began = Instant::min();
    unsigned calls = 0, bad = 0, calls_before = 0, bad_before = 0;
  };

  void note(const Call& call, Instant now);
  unsigned share_of(Instant now, bool Seen::*what) const; // of the last twenty, percent
  bool is_bad_lately(unsigned percent) const;
  void open(Instant now, Random& random);
  void close(Instant now);
  void probed_in_vain(Instant now, Random& random);
  void plan_probe(Instant now, Random& random);

  const BreakerRules rules_;
  std::array<Seen, kCalls> last_{};
  std::size_t next_ = 0;
  Lately lately_;
  Instant alarmed_ = Instant::max(); // half as bad as it takes, since then
  bool open_ = false;
  Instant since_ = Instant::min();
  Instant probe_at_{};
  Duration pause_{};
  unsigned good_probes_ = 0; // in a row
  std::uint64_t opened_ = 0;
};

} // namespace plugboard::connector
