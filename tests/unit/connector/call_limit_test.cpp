#include "core/connector/call_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A system that serves so many at once, each in `took`; beyond that they wait for each other.
class CallLimitTest : public ::testing::Test {
 protected:
  // As many are asked at once as the limit lets, of `offered`.
  void live(Duration time, std::size_t offered) {
    for (const Instant end = now + time; now < end;) {
      const auto running = std::min(offered, limit.now());
      const Duration took_now = took * static_cast<int>(std::max<std::size_t>(1, (running + serves - 1) / serves));
      now += took_now / static_cast<int>(running);
      limit.answered(took_now, running, now);
    }
  }

  std::size_t serves = 8;
  Duration took = milliseconds(50);
  Instant now{seconds(1000)};
  CallLimit limit{LimitRules{}, 64};
};

TEST_F(CallLimitTest, StartsAtTheMost) {
  EXPECT_EQ(limit.now(), 64U);
}

TEST_F(CallLimitTest, FindsTheLevelOfTheSystem) {
  live(seconds(2), 4); // learns what is usual
  live(seconds(10), 64);
  EXPECT_GE(limit.now(), serves);
  EXPECT_LE(limit.now(), 4 * serves);
}

TEST_F(CallLimitTest, GrowsAgainWithTheSystem) {
  live(seconds(2), 4);
  live(seconds(10), 64);
  serves = 64;
  live(seconds(20), 64);
  EXPECT_GE(limit.now(), 50U);
}

TEST_F(CallLimitTest, LeavesAloneWhatIsFast) {
  took = milliseconds(1); // eight times that is still nothing
  live(seconds(5), 64);
  EXPECT_EQ(limit.now(), 64U);
}

TEST_F(CallLimitTest, GetsUsedToASystemThatIsSlowerForGood) {
  live(seconds(2), 4);
  took = milliseconds(150);
  serves = 64;
  live(seconds(120), 64);
  EXPECT_GE(limit.now(), 50U);
}

TEST_F(CallLimitTest, GoesDownWithTimeouts) {
  for (int i = 0; i < 200; ++i) {
    now += milliseconds(30);
    limit.timed_out(std::min<std::size_t>(64, limit.now()), now);
  }
  EXPECT_EQ(limit.now(), LimitRules{}.least);
}

TEST_F(CallLimitTest, KeepsStillWhenItIsToldTo) {
  LimitRules rules;
  rules.adaptive = false;
  CallLimit fixed(rules, 64);
  for (int i = 0; i < 1000; ++i) fixed.timed_out(64, now += milliseconds(30));
  EXPECT_EQ(fixed.now(), 64U);
}

TEST_F(CallLimitTest, NeverLeavesItsBounds) {
  for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{1024}}) {
    CallLimit bounded(LimitRules{}, most);
    for (int i = 0; i < 5000; ++i) {
      now += milliseconds(i % 40);
      if (i % 7 < 3)
        bounded.timed_out(bounded.now(), now);
      else
        bounded.answered(milliseconds(i % 400), bounded.now(), now);
      ASSERT_GE(bounded.now(), std::min<std::size_t>(4, most));
      ASSERT_LE(bounded.now(), most);
    }
  }
}

} // namespace
} // namespace plugboard::connector
