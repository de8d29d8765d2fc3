// The threads that a blocking plugin is called on: as many as may run at once, so that what is handed over runs at
// once. [run: any thread] [join: once]
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace plugboard::connector {

class Pool {
 public:
  explicit Pool(std::size_t threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void run(std::function<void()> job); // must not throw; after join() it is dropped
  void join();                         // returns when all that was handed over has run

 private:
  Pool() = default;
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_; // never longer than the calls that have a place
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

} // namespace plugboard::connector
