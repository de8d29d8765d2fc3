// What is counted of how one connector's calls are held back and repeated: metrics, plain numbers, and a line in the
// log when a breaker turns. [any thread]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/connector/level.hpp"
#include "core/connector/restraint.hpp"

#include <atomic>
#include <string>

namespace plugboard::connector {

class SteadyTally {
 public:
  SteadyTally(std::string connector, Log& log, Metrics& metrics);

  void refused_by_breaker();
  void refused_by_limit();
  void retried();
  void retry_without_budget();
  void hedged();
  void hedge_answered();
  void turned(const std::string& tenant, Restraint::Turn turn);

  void add_to(Steadiness& steadiness) const;

 private:
  struct Number { // for the admin API, and as a metric
    Counter& shown;
    std::atomic<std::uint64_t> count = 0;

    void add() {
      shown.add();
      count.fetch_add(1, std::memory_order_relaxed);
    }
  };

  const std::string connector_;
  Log& log_;
  Number by_breaker_, by_limit_, retries_, no_budget_, hedges_, hedges_answered_, opened_;
  std::atomic<int> open_ = 0;
  Level open_shown_;
};

} // namespace plugboard::connector
