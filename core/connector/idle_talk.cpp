#include "core/connector/idle_talk.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

// A worker's answers wait behind its noise, and so does the news that it died, where only its socket tells.
constexpr Duration kLongest = std::chrono::milliseconds(50);

} // namespace

Duration IdleTalk::said(Instant now) {
  allowed_ = std::min(kAtOnce, allowed_ + std::chrono::duration<double>(now - since_).count() * kPerSecond);
  since_ = now;
  allowed_ -= 1;
  if (allowed_ >= 0) return Duration{};
  const std::chrono::duration<double> owed(-allowed_ / kPerSecond);
  allowed_ = std::max(allowed_, -kAtOnce); // what was said before it was cut off is not held against it for ever
  return std::min(kLongest, std::chrono::duration_cast<Duration>(owed));
}

} // namespace plugboard::connector
