// plugboard.host.clock/1, the half that runs on the plugin's thread: the time, and what is to be waited for on which
// home. The other half is home_alarms.hpp. [any thread]
#pragma once

#include "core/connector/border.hpp"

#include <plugboard/host_clock.h>

namespace plugboard::connector {

class HostClock {
 public:
  HostClock(Border& border, const Clock& clock) : border_(border), clock_(clock) {}

  const Clock& clock() const { return clock_; }

  using When = void (*)(void* user, std::int32_t outcome);
  std::int32_t after(plugboard_call* call, std::int64_t after_ns, void* user, When when) const;

 private:
  Border& border_;
  const Clock& clock_;
};

} // namespace plugboard::connector
