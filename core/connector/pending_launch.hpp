// A worker's start as far as the kernel may keep somebody waiting for it: its control group is made and its launcher
// spawned on the workers' own thread, and the home of the connector is told. Owned by the keeper, and by that thread
// while it is at it.
#pragma once

#include "core/connector/containment.hpp"
#include "core/connector/worker_process.hpp"

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace plugboard::connector {

struct Spawned { // destroyed, it ends the process, waits for that and removes the group: not on an I/O thread
  Result<std::shared_ptr<Cgroup>> group;
  Result<WorkerProcess::Started> started;
};

class PendingLaunch : public std::enable_shared_from_this<PendingLaunch> {
 public:
  struct Order {
    std::string connector;
    wire::Limits limits;
    int plugin = -1; // descriptor of its bytes; there until it is done or called off
  };

  // workers: outlive it. then: runs on `home` when there is something to take, unless it is called off before.
  static std::shared_ptr<PendingLaunch> begin(Workers& workers, Order order, boost::asio::io_context& home,
                                              std::function<void()> then);

  std::unique_ptr<Spawned> take(); // [any thread] once; nothing: not done, or taken

  // Nothing of it is left after this, nor does it use anything of its owner's. [not an I/O thread] waits
  void call_off();

 private:
  PendingLaunch(Workers& workers, Order order, boost::asio::io_context& home, std::function<void()> then)
      : workers_(workers), order_(std::move(order)), home_(home), then_(std::move(then)) {}

  void work(); // [the workers' own thread]

  enum class Stage : std::uint8_t { queued = 1, at_work, done, called_off };

  Workers& workers_;
  const Order order_;
  boost::asio::io_context& home_;

  std::mutex mutex_; // of the rest
  std::condition_variable changed_;
  Stage stage_ = Stage::queued;
  std::function<void()> then_;
  std::unique_ptr<Spawned> spawned_;
};

} // namespace plugboard::connector
