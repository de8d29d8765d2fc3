#include "core/conformance/bench_clock.hpp"

#include "core/base/clock.hpp"

#include <algorithm>
#include <thread>

namespace plugboard::conformance {

std::int64_t BenchClock::monotonic_ns() {
  return SystemClock().now().time_since_epoch().count();
}

std::int64_t BenchClock::wall_ns() {
  return SystemClock().wall().time_since_epoch().count();
}

std::int32_t BenchClock::after(plugboard_call* call, std::int64_t after_ns, void* user, When when) {
  constexpr std::int64_t kLongest = std::int64_t{24} * 3600 * 1'000'000'000;
  if (when == nullptr) return PLUGBOARD_FAILED;
  const auto pause = std::make_shared<const Pause>(Pause{call, user, when});
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(pause);
  }
  std::thread([this, pause, for_ns = std::clamp<std::int64_t>(after_ns, 0, kLongest)] {
    wait(pause, for_ns);
  }).detach();
  return PLUGBOARD_OK;
}

void BenchClock::wait(const PausePtr& pause, std::int64_t after_ns) {
  const auto is_told = [&] { return std::find(waiting_.begin(), waiting_.end(), pause) == waiting_.end(); };
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, Duration(after_ns), is_told);
  }
  if (take(pause)) pause->when(pause->user, PLUGBOARD_OK);
}

bool BenchClock::take(const PausePtr& pause) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiting_, pause) > 0;
}

void BenchClock::cancel(plugboard_call* call) {
  std::vector<PausePtr> ended;
  {
    const std::lock_guard lock(mutex_);
    for (const PausePtr& pause : waiting_)
      if (call == nullptr || pause->call == call) ended.push_back(pause);
  }
  for (const PausePtr& pause : ended)
    if (take(pause)) pause->when(pause->user, PLUGBOARD_CANCELLED);
  changed_.notify_all();
}

} // namespace plugboard::conformance
