#include "core/connector/hogs.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;

constexpr Duration kWhileBusy = milliseconds(20), kWhileCalm = milliseconds(100); // from look to look
constexpr int kCalmLooks =
    10; // until it is trusted again: for a moment it takes little, too, when others leave it nothing
constexpr Duration kWorthACall = milliseconds(2); // who answers one for so much of the processor is no hog

} // namespace

void Hogs::start() {
  thread_ = std::jthread([this](const std::stop_token& over) { look_on(over); });
}

Hogs::~Hogs() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<Hogs::Worker> Hogs::watch(std::shared_ptr<Cgroup> group, Counter& gave_way) {
  auto worker = std::make_shared<Worker>(std::move(group), gave_way);
  const std::lock_guard lock(mutex_);
  watched_.push_back(worker);
  came_.notify_one();
  return worker;
}

void Hogs::look_on(const std::stop_token& over) {
  Instant last = clock_.now();
  std::unique_lock lock(mutex_);
  while (came_.wait(lock, over, [this] { return !watched_.empty(); })) {
    lock.unlock();
    const Instant now = clock_.now();
    const Duration pause = look_if_it_may(now - std::exchange(last, now));
    lock.lock();
    came_.wait_for(lock, over, pause, [] { return false; });
  }
}

Duration Hogs::look_if_it_may(Duration elapsed) {
  try {
    return look(elapsed);
  } catch (const std::bad_alloc&) { // the kernel's files have names; there will be memory for them again
    return kWhileCalm;
  }
}

Duration Hogs::look(Duration elapsed) {
  const std::lock_guard lock(mutex_);
  Duration all{};
  std::erase_if(watched_, [](const std::weak_ptr<Worker>& one) { return one.expired(); });
  for (const auto& one : watched_) {
    const auto worker = one.lock();
    if (worker == nullptr) continue; // it has gone this moment
    const Duration spent = worker->group_->processor();
    const Duration took = spent - std::exchange(worker->spent_, spent);
    const auto answered = worker->answered_.exchange(0, std::memory_order_relaxed);
    if (!std::exchange(worker->seen_, true)) continue;
    all += took;
    worker->calm_looks_ = took < elapsed / 10 ? worker->calm_looks_ + 1 : 0;
    const bool holds_it = took > elapsed * 3 / 4 && took > answered * kWorthACall;
    if (worker->gives_way_ ? worker->calm_looks_ < kCalmLooks : !holds_it) continue;
    worker->gives_way_ = holds_it;
    worker->group_->give_way(holds_it);
    if (holds_it) worker->gave_way_.add();
  }
  return all > elapsed / 100 ? kWhileBusy : kWhileCalm;
}

} // namespace plugboard::connector
