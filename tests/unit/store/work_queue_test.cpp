#include "core/store/work_queue.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace plugboard::store {
namespace {

TEST(WorkQueueTest, WhatTheAnswerHoldsDiesOnTheThreadThatAsked) {
  std::thread::id told_on, died_on;

  struct Held { // such as the right to answer a request, which belongs to one thread
    std::thread::id& died_on;

    ~Held() { died_on = std::this_thread::get_id(); }
  };

  Work work;
  work.done = [held = std::shared_ptr<Held>(new Held{died_on}), &told_on](const Result<void>&) {
    told_on = std::this_thread::get_id();
  };
  work.back = [](std::function<void()> job) {
    std::thread asker([job = std::move(job)]() mutable {
      job();
      job = nullptr;
    });
    asker.join(); // quicker than the store's thread comes back from here
  };
  work.finish({});
  EXPECT_NE(told_on, std::this_thread::get_id());
  EXPECT_EQ(died_on, told_on);
}

} // namespace
} // namespace plugboard::store
