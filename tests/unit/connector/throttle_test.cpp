#include "core/connector/throttle.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace plugboard::connector {
namespace {

using namespace std::chrono_literals;

class ThrottleTest : public ::testing::Test {
 protected:
  static int entered(Throttle& throttle, Instant now, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += throttle.enter(now) == 0ns ? 1 : 0;
    return count;
  }

  const Instant now{1h};
};

TEST_F(ThrottleTest, LetsInABurstThenTheRate) {
  Throttle throttle({10, 5});
  EXPECT_EQ(entered(throttle, now, 20), 5);
  EXPECT_EQ(throttle.enter(now), 100ms) << "when to come again";
  EXPECT_EQ(throttle.enter(now + 40ms), 60ms);
  EXPECT_EQ(entered(throttle, now + 100ms, 20), 1);
  EXPECT_EQ(entered(throttle, now + 300ms, 20), 2);
  EXPECT_EQ(entered(throttle, now + 1h, 20), 5) << "no more than a burst, however long it was quiet";
}

TEST_F(ThrottleTest, WhoComesTooEarlyCostsNothing) {
  Throttle throttle({1, 1});
  EXPECT_EQ(entered(throttle, now, 1000), 1);
  EXPECT_EQ(entered(throttle, now + 1s, 1000), 1);
}

TEST_F(ThrottleTest, WithoutABurstItIsASecondsWorth) {
  Throttle fast({50, 0}), slow({0.1, 0});
  EXPECT_EQ(entered(fast, now, 100), 50);
  EXPECT_EQ(entered(slow, now, 100), 1);
  EXPECT_EQ(slow.enter(now), 10s);
}

TEST_F(ThrottleTest, WithoutARateOnlyPausesCount) {
  Throttle throttle({});
  EXPECT_EQ(entered(throttle, now, 100'000), 100'000);
  throttle.pause(now, 7s);
  EXPECT_EQ(throttle.enter(now + 1s), 6s);
  throttle.pause(now, 2s);
  EXPECT_EQ(throttle.enter(now + 1s), 6s) << "a pause is not shortened";
  EXPECT_EQ(throttle.enter(now + 7s), 0s);
  throttle.pause(now, 24h);
  EXPECT_EQ(throttle.enter(now), 5min);
}

TEST_F(ThrottleTest, IsOneForAllThreads) {
  Throttle throttle({1, 1000});
  std::atomic<int> count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { count += entered(throttle, now, 1000); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count, 1000);
}

TEST(RateTest, TheSmallerWins) {
  EXPECT_EQ(smaller({}, {5, 7}).per_second, 5);
  EXPECT_EQ(smaller({5, 7}, {}).burst, 7);
  EXPECT_EQ(smaller({5, 7}, {50, 2}).per_second, 5);
  EXPECT_EQ(smaller({5, 7}, {50, 2}).burst, 2);
  EXPECT_EQ(smaller({5, 0}, {50, 100}).burst, 5) << "what was left out counts, too";
  const UpstreamRates rates{{10, 10}, {{"https:slow.example", {1, 1}}, {"https:fast.example", {100, 100}}}};
  EXPECT_EQ(rates.of("https:slow.example").per_second, 1);
  EXPECT_EQ(rates.of("https:fast.example").per_second, 10);
  EXPECT_EQ(rates.of("https:other.example").per_second, 10);
}

} // namespace
} // namespace plugboard::connector
