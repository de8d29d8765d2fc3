#include "core/audit/waiting.hpp"

#include <gtest/gtest.h>

#include <future>

namespace plugboard::audit {
namespace {

constexpr std::size_t kAll = 1 << 20;

class WaitingTest : public testing::Test {
 protected:
  void push(std::string members) {
    waiting_.push({"disclosure", std::move(members), {}}, {}, [](const Result<Receipt>&) {});
  }

  std::future<std::size_t> take(Duration company) {
    return std::async(std::launch::async, [this, company] { return waiting_.take(kAll, company).size(); });
  }

  SystemClock clock_;
  Waiting waiting_{{}, clock_};
};

TEST_F(WaitingTest, GivesOutWhatHurriesAtOnce) {
  auto taken = take(Duration::zero());
  push("one");
  EXPECT_EQ(taken.get(), 1U);
}

TEST_F(WaitingTest, LetsOthersJoinTheFirstThatHurries) {
  auto taken = take(std::chrono::hours(1));
  for (const char* one : {"one", "two", "three"}) push(one);
  waiting_.close(); // which ends the wait for more
  EXPECT_EQ(taken.get(), 3U);
}

TEST_F(WaitingTest, WaitsForCompanyNoLongerThanItMay) {
  auto taken = take(std::chrono::milliseconds(1));
  push("one");
  EXPECT_GE(taken.get(), 1U);
}

// Whoever is told, however late it is then, was told in time: the recorder does not hang.
TEST(WaitingLateTest, WhatIsOnRecordHangsNoMore) {
  FakeClock clock;
  Waiting waiting({}, clock);
  int told = 0;
  for (const char* one : {"one", "two"})
    waiting.push(
        {"disclosure", one, {}, true}, [](const std::function<void()>& work) { work(); },
        [&](const Result<Receipt>& receipt) {
          told += receipt.has_value() ? 1 : 0;
          if (told < 2) return; // the other is in hand still
          clock.advance(std::chrono::minutes(1));
          EXPECT_FALSE(waiting.refuse_late());
        });
  waiting.answer(waiting.take(kAll), 1);
  EXPECT_EQ(told, 2);
}

} // namespace
} // namespace plugboard::audit
