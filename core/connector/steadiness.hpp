// How a connector's system fares, and how far the hub holds its calls back for that: for people. Values.
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plugboard::connector {

struct BreakerNow { // of one tenant
  std::string tenant;
  bool open = false;
  Duration since{};       // open: for how long
  Duration until_probe{}; // open: then it is tried
  std::uint64_t opened = 0;
};

struct HedgeNow { // of one section
  std::string section;
  Duration usual{}; // median; 0: not known yet
  Duration after{}; // a call that takes so long gets another beside it; 0: none
};

struct Steadiness {
  std::vector<BreakerNow> breakers; // of the tenants that asked
  std::size_t limit = 0, most = 0;  // calls at once: now, and at most
  std::size_t running = 0, waiting = 0;
  std::uint64_t refused_by_breaker = 0, refused_by_limit = 0;
  std::uint64_t retries = 0, retries_without_budget = 0;
  std::uint64_t hedges = 0, hedges_that_answered = 0;
  std::vector<HedgeNow> hedging;
};

} // namespace plugboard::connector
