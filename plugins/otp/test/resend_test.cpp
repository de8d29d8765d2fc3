// Another code in the same login.
#include "plugins/otp/test/setting.hpp"

#include <gmock/gmock.h>

namespace otp::test {
namespace {

using plugboard::Status;
using plugboard::testkit::Scripted;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kResend[] = R"({"resend": true})";

class OtpResendTest : public OtpTest {};

TEST_F(OtpResendTest, SendsAnotherCodeThatMakesTheFirstVoid) {
  auto state = begin();
  const auto first = code();
  unix_now += 30;
  const auto answer = step(kResend, state);
  EXPECT_THAT(challenge_of(answer), AllOf(HasSubstr("\"status\":\"sent\""), HasSubstr("\"resends_left\":1"),
                                          HasSubstr("\"expires_at\":\"2027-01-15T08:05:30Z\"")));
  state = state_of(answer);
  ASSERT_NE(code(), first);
  EXPECT_EQ(step(typed(first), state).status, Status::challenged);
  EXPECT_EQ(step(typed(code()), state).status, Status::ok);
}

TEST_F(OtpResendTest, GivesNoAttemptBack) {
  auto state = begin();
  state = state_of(step(typed(wrong()), state));
  unix_now += 30;
  EXPECT_THAT(challenge_of(step(kResend, state)), HasSubstr("\"attempts_left\":4"));
}

TEST_F(OtpResendTest, TooEarlyTheFirstCodeStaysGood) {
  auto state = begin();
  unix_now += 29;
  const auto answer = step(kResend, state);
  EXPECT_THAT(challenge_of(answer), AllOf(HasSubstr("\"status\":\"not_resent\""), HasSubstr("\"resends_left\":2"),
                                          HasSubstr("\"resend_after\":\"2027-01-15T08:00:30Z\"")));
  EXPECT_EQ(host.http().sent().size(), 1U);
  EXPECT_EQ(step(typed(code()), state_of(answer)).status, Status::ok);
}

TEST_F(OtpResendTest, EndsWithWhatIsConfigured) {
  auto state = begin();
  for (int i = 0; i < 2; ++i) {
    unix_now += 30;
    state = state_of(step(kResend, state));
  }
  unix_now += 30;
  const auto answer = step(kResend, state);
  EXPECT_THAT(challenge_of(answer),
              AllOf(HasSubstr("not_resent"), HasSubstr("\"resends_left\":0"), Not(HasSubstr("resend_after"))));
  EXPECT_EQ(host.http().sent().size(), 3U);
}

TEST_F(OtpResendTest, NeverWhereThatIsConfigured) {
  configure(config(R"(, "resend": {"times": 0})"));
  const auto answer = step(kPhone);
  EXPECT_THAT(challenge_of(answer), HasSubstr("\"resends_left\":0"));
  unix_now += 100;
  EXPECT_THAT(challenge_of(step(kResend, state_of(answer))), HasSubstr("not_resent"));
}

TEST_F(OtpResendTest, ThatDoesNotGetOutLeavesTheFirstCodeGood) {
  auto state = begin();
  const auto first = code();
  unix_now += 30;
  host.http().serve([](const auto&) { return Scripted{.status = 503}; });
  const auto answer = step(kResend, state);
  EXPECT_THAT(challenge_of(answer),
              AllOf(HasSubstr("not_resent"), HasSubstr("\"expires_at\":\"2027-01-15T08:05:00Z\"")));
  EXPECT_TRUE(host.logged("answered 503"));
  EXPECT_EQ(step(typed(first), state_of(answer)).status, Status::ok);
}

TEST_F(OtpResendTest, CountsTowardsTheRecipientsLimit) {
  configure(config(R"(, "limits": {"per_recipient_per_hour": 2})"));
  auto state = begin();
  unix_now += 30;
  state = state_of(step(kResend, state));
  unix_now += 30;
  EXPECT_THAT(challenge_of(step(kResend, state)), HasSubstr("not_resent"));
  EXPECT_EQ(step(kPhone).status, Status::rejected);
}

TEST_F(OtpResendTest, ComesTooLateWhereTheCodeDoes) {
  const auto state = begin();
  unix_now += 300;
  EXPECT_EQ(step(kResend, state).status, Status::rejected);
}

} // namespace
} // namespace otp::test
