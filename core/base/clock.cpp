#include "core/base/clock.hpp"

namespace plugboard {

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

WallTime SystemClock::wall() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Instant FakeClock::now() const {
  return Instant(Duration(now_.load()));
}

WallTime FakeClock::wall() const {
  return WallTime(Duration(wall_.load()));
}

void FakeClock::advance(Duration by) {
  now_ += by.count();
  wall_ += by.count();
}

void FakeClock::jump_wall(Duration by) {
  wall_ += by.count();
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace plugboard
