#include "core/connector/crash_loop.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class CrashLoopTest : public ::testing::Test {
 protected:
  SeededRandom random{7};
  CrashLoop loop{random};
  Instant now{seconds(1000)};

  void serve(int answers) {
    loop.started(now);
    for (int i = 0; i < answers; ++i) loop.answered();
  }
};

TEST_F(CrashLoopTest, StartsAtOnceWhatWasOfUse) {
  for (int i = 0; i < 100; ++i) {
    serve(20);
    EXPECT_LE(loop.went_down(now), milliseconds(20));
    EXPECT_FALSE(loop.is_open());
  }
}

TEST_F(CrashLoopTest, WaitsLongerEachTimeForWhatIsNot) {
  Duration last{};
  for (int i = 0; i < 5; ++i) {
    serve(19);
    const Duration pause = loop.went_down(now);
    EXPECT_GT(pause, last);
    EXPECT_EQ(loop.is_open(), i >= 2);
    last = pause;
  }
}

TEST_F(CrashLoopTest, StartsNoMoreThanTenTimesAMinute) {
  for (int round = 0; round < 200; ++round) {
    CrashLoop fresh(random);
    int starts = 1;
    for (Duration passed{}; passed < minutes(1);) {
      fresh.started(now + passed);
      passed += fresh.went_down(now + passed);
      if (passed < minutes(1)) ++starts;
    }
    EXPECT_LE(starts, 10);
  }
}

TEST_F(CrashLoopTest, ForgetsAfterAMinuteOfQuiet) {
  for (int i = 0; i < 6; ++i) {
    serve(0);
    static_cast<void>(loop.went_down(now));
  }
  EXPECT_TRUE(loop.is_open());
  serve(1);
  now += minutes(1);
  EXPECT_LE(loop.went_down(now), milliseconds(20));
  EXPECT_FALSE(loop.is_open());
}

TEST_F(CrashLoopTest, CountsAStartThatNeverServed) {
  static_cast<void>(loop.went_down(now)); // it did not even come up
  now += minutes(5);
  EXPECT_GT(loop.went_down(now), milliseconds(100));
}

} // namespace
} // namespace plugboard::connector
