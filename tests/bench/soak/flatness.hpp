// Whether what a process holds stays level over time. Values.
#pragma once

#include "tests/bench/process_figures.hpp"

#include <vector>

namespace plugboard::bench {

struct Sample {
  double seconds = 0; // since the start
  Holdings holdings;
};

// By least squares, a second; 0 for fewer than two samples.
double slope(const std::vector<Sample>& samples, std::int64_t Holdings::*figure);
std::int64_t median(const std::vector<Sample>& samples, std::int64_t Holdings::*figure);

} // namespace plugboard::bench
