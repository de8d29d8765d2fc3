#include "core/store/work_queue.hpp"

#include "core/base/insist.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace plugboard::store {

void Work::finish(Result<void> outcome) {
  job = nullptr; // what the job holds dies here, not on the thread that asked
  Database::Done told = std::exchange(done, nullptr);
  if (!told) return;
  if (!back) return told(std::move(outcome));

  struct Answer {
    Database::Done told;
    Result<void> outcome;
  };

  std::shared_ptr<Answer> answer;
  insist([&] {
    if (!answer) answer = std::make_shared<Answer>(); // empty until it is there: what throws must have taken nothing
    if (told) {
      answer->told = std::exchange(told, nullptr);
      answer->outcome = std::move(outcome);
    }
    // Taken out, not copied: what `told` holds must die on the thread that asked, and the last answer may be ours.
    back([answer] { std::exchange(answer->told, nullptr)(std::move(answer->outcome)); });
  });
}

void WorkQueue::push(Work work) {
  std::unique_lock lock(mutex_);
  const bool closed = closed_;
  if (!closed && waiting_.size() < limit_) {
    waiting_.push_back(std::move(work));
    lock.unlock();
    came_.notify_one();
    return;
  }
  lock.unlock();
  if (closed) return work.finish(fail(Code::unavailable, "the store is closing", "store"));
  work.finish(fail(Code::overloaded, std::to_string(limit_) + " jobs wait for the store already", "store"));
}

std::vector<Work> WorkQueue::take(std::size_t most) {
  std::unique_lock lock(mutex_);
  came_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<Work> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

void WorkQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  came_.notify_all();
}

} // namespace plugboard::store
