#include "core/connector/host_clock.hpp"

#include <algorithm>
#include <memory>

namespace plugboard::connector {
namespace {

constexpr std::int64_t kLongest = std::int64_t{400} * 24 * 3600 * 1'000'000'000; // more than a year

} // namespace

std::int32_t HostClock::after(plugboard_call* call, std::int64_t after_ns, void* user, When when) const {
  if (when == nullptr) return PLUGBOARD_FAILED;
  auto alarm = std::make_unique<Alarm>();
  std::size_t home = 0;
  if (call != nullptr) {
    const auto found = border_.calls().find(call);
    if (found.call == nullptr) return PLUGBOARD_CANCELLED; // completed already
    home = found.call->home;
    alarm->call = found.call->id;
  }
  alarm->at = Deadline::after(clock_.now(), Duration(std::clamp<std::int64_t>(after_ns, 0, kLongest)));
  alarm->user = user;
  alarm->when = when;
  return border_.send(home, std::move(alarm)) ? PLUGBOARD_OK : PLUGBOARD_CANCELLED;
}

} // namespace plugboard::connector
