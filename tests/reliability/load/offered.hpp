// What agents ask a hub at a rate of their own, however it does, and what becomes of it. Time counts from when each
// request was meant to be sent. [one thread]
#pragma once

#include "tests/bench/load.hpp"

#include <string>
#include <vector>

namespace plugboard::test {

struct Offer {
  int port = 0;
  double rate = 0; // a second; 0: as fast as answers come, `connections` at once
  bench::Nanoseconds time{};
  std::size_t connections = 512;     // all opened before
  std::vector<std::string> requests; // in turns
  std::uint64_t seed = 1;
  int retries = 0; // at once, of what was refused or incomplete: agents without manners
};

struct Seen {
  bench::Latencies good;    // complete contexts
  bench::Latencies refused; // 429 or 503, with Retry-After
  bench::Latencies own;     // how late those who ask were themselves: the machine's doing
  std::size_t partial = 0, wrong = 0;
  std::string first_wrong;
  double seconds = 0;

  double goodput() const { return static_cast<double>(good.all.size()) / seconds; }

  std::size_t answered() const { return good.all.size() + refused.all.size() + partial + wrong; }

  void add(const Seen& other); // of the same load, later
};

double milliseconds(bench::Latencies& latencies, double percentile);

Seen offer(const Offer& what);

} // namespace plugboard::test
