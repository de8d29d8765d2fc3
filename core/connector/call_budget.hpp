// How many calls beside those that were asked for may be made: a share of these, and a few at once after a quiet while.
// What has no share left is not made. Pure. [one at a time]
#pragma once

#include <algorithm>

namespace plugboard::connector {

class CallBudget {
 public:
  explicit CallBudget(unsigned percent) : share_(percent), left_(percent > 0 ? kMost : 0) {}

  void asked() { left_ = std::min(left_ + share_, kMost); } // one call

  bool spend() { // on one more; false: there is none left
    if (left_ < kCall) return false;
    left_ -= kCall;
    return true;
  }

 private:
  static constexpr unsigned kCall = 100;       // hundredths
  static constexpr unsigned kMost = 5 * kCall; // in a burst

  unsigned share_, left_;
};

} // namespace plugboard::connector
