// A gauge that several generations of one connector show together: each takes back what it added. [any thread]
#pragma once

#include "core/base/metrics.hpp"

#include <atomic>

namespace plugboard::connector {

class Level {
 public:
  explicit Level(Gauge& gauge) : gauge_(gauge) {}

  ~Level() { set(0); }

  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

  void set(double now) {
    const double before = shown_.exchange(now);
    if (before != now) gauge_.add(now - before);
  }

 private:
  Gauge& gauge_;
  std::atomic<double> shown_ = 0;
};

} // namespace plugboard::connector
