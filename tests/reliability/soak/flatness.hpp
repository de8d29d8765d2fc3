// Whether what a process holds stays level over time. Values.
#pragma once

#include "tests/bench/process_figures.hpp"

#include <vector>

namespace plugboard::bench {

struct Sample {
  double seconds = 0; // since the start
  Holdings holdings;
  std::int64_t heap_kb = 0; // in use
};

struct Trend {
  double kb_an_hour = 0;
  double uncertainty = 0; // twice the standard error

  double at_least() const { return kb_an_hour - uncertainty; }
};

std::int64_t resident_of(const Sample& sample);
std::int64_t threads_of(const Sample& sample);

// By least squares; nothing is known from fewer than three samples.
Trend trend(const std::vector<Sample>& samples, std::int64_t (*figure)(const Sample&));
std::int64_t least(const std::vector<Sample>& samples, std::int64_t (*figure)(const Sample&));

} // namespace plugboard::bench
