#include "core/connector/idle_talk.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class IdleTalkTest : public ::testing::Test {
 protected:
  Duration say(int times) {
    Duration rest{};
    for (int i = 0; i < times; ++i) rest = talk_.said(now_);
    return rest;
  }

  Instant now_{seconds(100)};
  IdleTalk talk_{now_};
};

TEST_F(IdleTalkTest, LetsAPluginSayALotAtOnceAndSomeAllTheTime) {
  EXPECT_EQ(say(1'000), Duration{});
  for (int i = 0; i < 100; ++i) {
    now_ += milliseconds(10);
    ASSERT_EQ(say(50), Duration{});
  }
}

TEST_F(IdleTalkTest, IsDeafForAMomentToOneThatSaysMore) {
  say(1'000);
  EXPECT_GT(say(1), Duration{});
  EXPECT_LT(say(1), milliseconds(1));
  EXPECT_EQ(say(100'000), milliseconds(50));
}

TEST_F(IdleTalkTest, ForgetsWhatItDidNotWantToHear) {
  say(1'000'000);
  now_ += milliseconds(401);
  EXPECT_EQ(say(1), Duration{});
}

} // namespace
} // namespace plugboard::connector
