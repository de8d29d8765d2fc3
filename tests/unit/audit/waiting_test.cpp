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

} // namespace
} // namespace plugboard::audit
