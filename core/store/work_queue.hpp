// What waits for one of the store's threads: bounded, first come first served. Accepted work is always finished, also
// when the queue closes. [push: any thread] [take: the one thread that serves it]
#pragma once

#include "core/store/database.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace plugboard::store {

struct Work {
  Database::Job job;
  Poster back;
  Database::Done done;

  void finish(Result<void> outcome); // once; posts done, whatever the memory: else somebody would wait for ever
};

class WorkQueue {
 public:
  explicit WorkQueue(std::size_t limit) : limit_(limit) {}

  void push(Work work);                     // full or closed: finishes it with overloaded or unavailable
  std::vector<Work> take(std::size_t most); // waits for some; none: closed and empty
  void close();

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Work> waiting_;
  bool closed_ = false;
};

} // namespace plugboard::store
