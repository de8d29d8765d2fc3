#include "core/connector/pool.hpp"

#include <utility>

namespace plugboard::connector {

// By way of the other constructor: when the system has no thread more to give, those that there are get joined.
Pool::Pool(std::size_t threads) : Pool() {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Pool::~Pool() {
  join();
}

void Pool::run(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    {
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    } // what it holds is let go without the lock
    lock.lock();
  }
}

void Pool::join() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

} // namespace plugboard::connector
