#include "core/session/client_use.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr connector::Rate kTenASecond{10, 5};

TEST(BucketTest, GivesABurstThenTheRate) {
  FakeClock clock;
  Bucket bucket;
  for (int left = 4; left >= 0; --left) {
    const auto taken = bucket.take(kTenASecond, clock.now());
    EXPECT_TRUE(taken.allowed);
    EXPECT_EQ(taken.most, 5);
    EXPECT_EQ(taken.left, left);
    EXPECT_EQ(taken.whole, 500ms);
    EXPECT_EQ(taken.again, (5 - left) * 100ms);
  }
  const auto refused = bucket.take(kTenASecond, clock.now());
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.left, 0);
  EXPECT_EQ(refused.again, 100ms);
  clock.advance(99ms);
  EXPECT_FALSE(bucket.take(kTenASecond, clock.now()).allowed); // being refused costs nothing
  clock.advance(1ms);
  EXPECT_TRUE(bucket.take(kTenASecond, clock.now()).allowed);
  EXPECT_FALSE(bucket.take(kTenASecond, clock.now()).allowed);
  clock.advance(1h);
  EXPECT_EQ(bucket.take(kTenASecond, clock.now()).left, 4); // and no more than a burst
}

TEST(BucketTest, KnowsWhenItIsEmptyAndWhatIsOwed) {
  FakeClock clock;
  Bucket bucket;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(bucket.is_empty(kTenASecond, clock.now()));
    bucket.charge(kTenASecond, clock.now());
  }
  EXPECT_TRUE(bucket.is_empty(kTenASecond, clock.now()));
  for (int i = 0; i < 3; ++i) bucket.charge(kTenASecond, clock.now());
  clock.advance(399ms);
  EXPECT_TRUE(bucket.is_empty(kTenASecond, clock.now()));
  clock.advance(1ms);
  EXPECT_FALSE(bucket.is_empty(kTenASecond, clock.now()));
}

TEST(BucketTest, HasNoEndWithoutARate) {
  FakeClock clock;
  Bucket bucket;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(bucket.take({}, clock.now()).allowed);
  EXPECT_EQ(bucket.take({}, clock.now()).most, 0);
  EXPECT_FALSE(bucket.is_empty({}, clock.now()));
}

TEST(BucketTest, TakesANewRateAtOnce) {
  FakeClock clock;
  Bucket bucket;
  for (int i = 0; i < 5; ++i) bucket.take(kTenASecond, clock.now());
  EXPECT_FALSE(bucket.take(kTenASecond, clock.now()).allowed);
  EXPECT_TRUE(bucket.take({1000, 1000}, clock.now()).allowed);
  Bucket slow;
  for (int i = 0; i < 3; ++i) slow.take({0.01, 3}, clock.now());
  EXPECT_EQ(slow.take({1000, 1000}, clock.now()).again, 1ms);
  clock.advance(1ms);
  EXPECT_TRUE(slow.take({1000, 1000}, clock.now()).allowed);
}

TEST(BucketTest, GivesNoMoreThanThereIsToThreadsTogether) {
  FakeClock clock;
  Bucket bucket;
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) allowed += bucket.take({1, 1500}, clock.now()).allowed;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(allowed, 1500);
}

TEST(DayCountTest, GivesSoManyADayAndBeginsAnewAtMidnight) {
  FakeClock clock; // midnight
  clock.advance(20h);
  DayCount count;
  EXPECT_EQ(count.take(2, clock.wall()).left, 1);
  EXPECT_TRUE(count.take(2, clock.wall()).allowed);
  const auto refused = count.take(2, clock.wall());
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.again, 4h);
  EXPECT_EQ(refused.whole, 24h);
  clock.jump_wall(-24h);
  EXPECT_FALSE(count.take(2, clock.wall()).allowed); // yesterday once more
  clock.jump_wall(28h);
  EXPECT_EQ(count.take(2, clock.wall()).left, 1);
}

TEST(DayCountTest, GoesOnWhereItWas) {
  FakeClock clock;
  DayCount before, after;
  for (int i = 0; i < 7; ++i) before.take(10, clock.wall());
  after.restore(before.use());
  EXPECT_EQ(after.use(), before.use());
  EXPECT_EQ(after.take(10, clock.wall()).left, 2);
}

TEST(DayCountTest, GivesNoMoreThanThereIsToThreadsTogether) {
  FakeClock clock;
  DayCount count;
  std::atomic<int> allowed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) allowed += count.take(1500, clock.wall()).allowed;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(allowed, 1500);
}

} // namespace
} // namespace plugboard::session
