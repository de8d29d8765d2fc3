// When a worker that went down may come up again: at once while it mostly works, later and later when it does nothing
// but go down. Pure. [one thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/random.hpp"

namespace plugboard::connector {

class CrashLoop {
 public:
  explicit CrashLoop(Random& random) : random_(random) {}

  void started(Instant now); // it serves
  void answered();           // a call

  Duration went_down(Instant now); // how long until the next start

  bool is_open() const; // down again and again: nobody should wait for it

 private:
  Random& random_;
  unsigned in_a_row_ = 0; // without having been of use between
  unsigned answers_ = 0;  // since it started
  Instant started_{};
};

} // namespace plugboard::connector
