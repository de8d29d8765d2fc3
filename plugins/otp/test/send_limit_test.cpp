#include "plugins/otp/send_limit.hpp"

#include <gtest/gtest.h>

namespace otp {
namespace {

using Verdict = SendLimit::Verdict;
using std::chrono::seconds;

class SendLimitTest : public testing::Test {
 protected:
  Verdict send(SendLimit::Name to) {
    const auto verdict = limit.look(to, now);
    if (verdict == Verdict::allowed) limit.sent(to, now);
    return verdict;
  }

  SendLimit limit{seconds(3600), 2, 5};
  SendLimit::Time now{seconds(1'000'000)};
};

TEST_F(SendLimitTest, LetsEachRecipientHaveSoMany) {
  EXPECT_EQ(send(1), Verdict::allowed);
  EXPECT_EQ(send(1), Verdict::allowed);
  EXPECT_EQ(send(1), Verdict::recipient_has_enough);
  EXPECT_EQ(send(2), Verdict::allowed) << "another's";
}

TEST_F(SendLimitTest, CountsWithinAWindowThatGoesAlong) {
  send(1);
  now += seconds(1800);
  send(1);
  now += seconds(1799);
  EXPECT_EQ(send(1), Verdict::recipient_has_enough);
  now += seconds(1);
  EXPECT_EQ(send(1), Verdict::allowed) << "the first is an hour ago";
  EXPECT_EQ(send(1), Verdict::recipient_has_enough) << "the second is not";
}

TEST_F(SendLimitTest, RemembersNoMoreThanItAllows) {
  for (SendLimit::Name to = 0; to < 5; ++to) EXPECT_EQ(send(to), Verdict::allowed);
  for (SendLimit::Name to = 5; to < 10'000; ++to) EXPECT_EQ(send(to), Verdict::all_have_enough);
  EXPECT_EQ(limit.remembered(), 5U);
  now += seconds(3600);
  EXPECT_EQ(send(10'000), Verdict::allowed);
  EXPECT_EQ(limit.remembered(), 1U);
}

} // namespace
} // namespace otp
