// How much a worker may tell the hub that no call waits for: log lines, questions for secrets. Whoever says more is not
// listened to for a moment, so that its noise costs the others next to nothing. Pure. [one thread]
#pragma once

#include "core/base/clock.hpp"

namespace plugboard::connector {

class IdleTalk {
 public:
  explicit IdleTalk(Instant now) : since_(now) {}

  Duration said(Instant now); // one thing more: how long not to listen; mostly zero

 private:
  double allowed_ = kAtOnce;
  Instant since_;

  static constexpr double kAtOnce = 1'000, kPerSecond = 5'000;
};

} // namespace plugboard::connector
