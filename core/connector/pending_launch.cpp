#include "core/connector/pending_launch.hpp"

#include "core/base/insist.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plugboard::connector {

std::shared_ptr<PendingLaunch> PendingLaunch::begin(Workers& workers, Order order, boost::asio::io_context& home,
                                                    std::function<void()> then) {
  const std::shared_ptr<PendingLaunch> launch(new PendingLaunch(workers, std::move(order), home, std::move(then)));
  workers.where_it_may_block([launch] { launch->work(); });
  return launch;
}

void PendingLaunch::work() {
  {
    const std::lock_guard lock(mutex_);
    if (stage_ == Stage::called_off) return;
    stage_ = Stage::at_work;
  }
  std::unique_ptr<Spawned> spawned;
  insist([&] {
    auto group = workers_.make_group(order_.connector, order_.limits);
    auto started = WorkerProcess::start(workers_.program, order_.plugin);
    if (!started) group = started.error(); // there is nobody who could join it
    spawned = std::make_unique<Spawned>(Spawned{std::move(group), std::move(started)});
  });
  const std::lock_guard lock(mutex_);
  spawned_ = std::move(spawned);
  stage_ = Stage::done;
  // Under the lock: who calls it off may do away with the home as soon as it has the lock.
  if (then_) insist([this] { boost::asio::post(home_, then_); });
  then_ = nullptr; // not the owner's last: the home has another
  changed_.notify_all();
}

std::unique_ptr<Spawned> PendingLaunch::take() {
  const std::lock_guard lock(mutex_);
  return std::move(spawned_);
}

void PendingLaunch::call_off() {
  std::function<void()> never;
  std::unique_ptr<Spawned> left; // as `never` it ends without the lock
  std::unique_lock lock(mutex_);
  never.swap(then_);
  if (stage_ == Stage::queued) stage_ = Stage::called_off;
  changed_.wait(lock, [this] { return stage_ != Stage::at_work; });
  left = std::move(spawned_);
}

} // namespace plugboard::connector
