// How careful the hub is with one system: what its connector's configuration says of breaker, retries, hedges and calls
// at once. The defaults need no configuration. Values.
#pragma once

#include "core/base/clock.hpp"

namespace plugboard::connector {

struct BreakerRules {
  bool enabled = true;
  unsigned failure_percent = 50; // of the last twenty calls: then it opens
  unsigned slow_percent = 80;    // the same of slow ones
  Duration slow{};               // a call is slow from here on; 0: what is slow for this section is learned
};

struct RetryRules {
  unsigned attempts = 2; // calls for one question at most; 1: none is made again
  unsigned percent = 10; // retries for a hundred calls
};

struct HedgeRules {
  bool enabled = true;
  unsigned percent = 5;                                // hedges for a hundred calls
  Duration least_wait = std::chrono::milliseconds(10); // what answers sooner is never asked twice
};

struct LimitRules {
  bool adaptive = true;
  unsigned least = 4;        // the limit never falls below, but where max_concurrency does
  unsigned most_waiting = 0; // 0: four times max_concurrency, at least 64
};

struct SteadyRules {
  BreakerRules breaker;
  RetryRules retry;
  HedgeRules hedge;
  LimitRules limit;
};

} // namespace plugboard::connector
