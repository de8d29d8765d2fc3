// How long the calls of one section usually take: a running median and 95th percentile, learned a step a call without
// keeping any. A hedge waits for the latter; what counts as slow comes from it, too. Pure. [one at a time]
#pragma once

#include "core/connector/steady_rules.hpp"

#include <cstdint>
#include <optional>

namespace plugboard::connector {

class HedgeDelay {
 public:
  explicit HedgeDelay(const SteadyRules& rules) : rules_(&rules) {} // which outlive it

  void answered(Duration took);

  Duration usual() const { return median_; } // 0: unknown

  Duration slow() const; // from here on a call is slow

  std::optional<Duration> wait() const; // before a hedge; none: too little is known, or there are to be none

 private:
  static constexpr std::uint32_t kKnown = 100; // calls

  const SteadyRules* rules_;
  Duration median_{}, most_{}; // the 95th percentile
  std::uint32_t calls_ = 0;
};

} // namespace plugboard::connector
