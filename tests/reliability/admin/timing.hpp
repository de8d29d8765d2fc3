// Whether two kinds of answers can be told apart by their time: Welch's t over interleaved samples, as dudect does it,
// of all samples and of those below each of some percentiles, where the noise is less. Values.
#pragma once

#include <cstddef>
#include <vector>

namespace plugboard::test {

// The largest |t| over all cuts; 0 for fewer than two samples of either.
double most_telling_t(const std::vector<double>& a, const std::vector<double>& b);

} // namespace plugboard::test
