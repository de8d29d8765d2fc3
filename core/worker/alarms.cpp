#include "core/worker/alarms.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/services.hpp"

namespace plugboard::worker {
namespace {

constexpr std::size_t kMostAtOnce = 4096; // the hub kills for more

} // namespace

std::int32_t Alarms::set(plugboard_call* call, std::int64_t after_ns, void* user, When when) {
  if (when == nullptr) return PLUGBOARD_FAILED;
  std::uint64_t alarm = 0;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostAtOnce) return PLUGBOARD_BUSY;
    alarm = next_++;
    waiting_.emplace(alarm, Waiting{user, when});
  }
  const auto number = reinterpret_cast<std::uintptr_t>(call);
  outbox_.send([&](std::string& out) { wire::write(out, wire::AlarmSet{alarm, number, after_ns}); });
  return PLUGBOARD_OK;
}

void Alarms::over(std::uint64_t alarm, std::int32_t outcome) {
  Waiting told;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(alarm);
    if (found == waiting_.end()) return;
    told = found->second;
    waiting_.erase(found);
  }
  static_cast<void>(connector::guarded([&] { told.when(told.user, outcome); }));
}

} // namespace plugboard::worker
