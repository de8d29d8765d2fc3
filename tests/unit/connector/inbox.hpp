// Events that threads of a plugin bring and a test waits for. No test waits longer than this has patience.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace plugboard::connector {

template <class T>
class Inbox {
 public:
  void put(T thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(thing));
    there_.notify_all();
  }

  T take() {
    std::unique_lock lock(mutex_);
    if (!there_.wait_for(lock, std::chrono::seconds(20), [this] { return !things_.empty(); }))
      throw std::runtime_error("nothing came");
    T first = std::move(things_.front());
    things_.pop_front();
    return first;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return things_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable there_;
  std::deque<T> things_;
};

} // namespace plugboard::connector
