// The small state machines around a connector's calls: what an end means, budgets, usual durations, attempts.
#include "core/connector/attempts.hpp"
#include "core/connector/call_budget.hpp"
#include "core/connector/examine.hpp"
#include "core/connector/hedge_delay.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(SymptomTest, TakesNoAnswerForAFailure) {
  for (const auto status : {Status::ok, Status::not_found, Status::ambiguous})
    EXPECT_EQ(symptom_of(failed(status, Reason::none), seconds(9), seconds(1)), Symptom::answered);
  for (const auto reason : {Reason::upstream_refused, Reason::wrong_customer, Reason::shape})
    EXPECT_EQ(symptom_of(failed(Status::error, reason), seconds(9), seconds(1)), Symptom::answered);
}

TEST(SymptomTest, KnowsAFailureOfTheSystem) {
  for (const auto reason : {Reason::unreachable, Reason::upstream_failed, Reason::upstream_malformed,
                            Reason::upstream_unauthorized, Reason::plugin_failed, Reason::connector_timeout})
    EXPECT_EQ(symptom_of(failed(Status::error, reason), milliseconds(1), seconds(1)), Symptom::failed);
}

TEST(SymptomTest, LearnsNothingFromADeadlineShorterThanUsual) {
  const auto outcome = failed(Status::timeout, Reason::deadline);
  EXPECT_EQ(symptom_of(outcome, milliseconds(50), milliseconds(200)), Symptom::none);
  EXPECT_EQ(symptom_of(outcome, milliseconds(200), milliseconds(200)), Symptom::failed);
}

TEST(SymptomTest, LeavesWorkersToTheirKeeper) {
  for (const auto reason :
       {Reason::plugin_crashed, Reason::starting, Reason::breaker_open, Reason::overloaded, Reason::plugin_disabled})
    EXPECT_EQ(symptom_of(failed(Status::unavailable, reason), seconds(9), seconds(1)), Symptom::none);
}

TEST(CallBudgetTest, GivesItsShareAndAFewAtOnce) {
  for (const unsigned percent : {0U, 5U, 10U}) {
    CallBudget budget(percent);
    int made = 0;
    for (int i = 0; i < 10'000; ++i) {
      budget.asked();
      if (budget.spend()) ++made;
    }
    EXPECT_GE(made, static_cast<int>(percent) * 100);
    EXPECT_LE(made, static_cast<int>(percent) * 100 + 5);
  }
}

TEST(CallBudgetTest, SavesNoMoreThanAFew) {
  CallBudget budget(10);
  for (int i = 0; i < 100'000; ++i) budget.asked();
  int made = 0;
  while (budget.spend()) ++made;
  EXPECT_LE(made, 5);
}

class HedgeDelayTest : public ::testing::Test {
 protected:
  SteadyRules rules;
  HedgeDelay delay{rules};
  SeededRandom random{3};
};

TEST_F(HedgeDelayTest, FindsMedianAnd95thPercentile) {
  for (int i = 0; i < 20'000; ++i) delay.answered(milliseconds(20) + microseconds(random.below(100'000)));
  EXPECT_NEAR(plugboard::milliseconds(delay.usual()), 70, 15);
  ASSERT_TRUE(delay.wait());
  EXPECT_NEAR(plugboard::milliseconds(*delay.wait()), 115, 8);
}

TEST_F(HedgeDelayTest, FollowsASystemThatChanges) {
  for (int i = 0; i < 1000; ++i) delay.answered(milliseconds(20));
  for (int i = 0; i < 1000; ++i) delay.answered(milliseconds(80));
  EXPECT_NEAR(plugboard::milliseconds(*delay.wait()), 80, 8);
  for (int i = 0; i < 3000; ++i) delay.answered(milliseconds(20));
  EXPECT_NEAR(plugboard::milliseconds(*delay.wait()), 20, 3);
}

TEST_F(HedgeDelayTest, HedgesNothingBeforeItKnows) {
  for (int i = 0; i < 99; ++i) delay.answered(milliseconds(20));
  EXPECT_FALSE(delay.wait());
  delay.answered(milliseconds(20));
  EXPECT_TRUE(delay.wait());
}

TEST_F(HedgeDelayTest, WaitsAtLeastAWhile) {
  for (int i = 0; i < 1000; ++i) delay.answered(microseconds(100));
  EXPECT_EQ(delay.wait(), rules.hedge.least_wait);
}

TEST_F(HedgeDelayTest, CallsSlowWhatIsFarFromUsual) {
  EXPECT_EQ(delay.slow(), milliseconds(800)) << "of a system that nothing is known of";
  for (int i = 0; i < 1000; ++i) delay.answered(milliseconds(1));
  EXPECT_EQ(delay.slow(), milliseconds(200));
  for (int i = 0; i < 3000; ++i) delay.answered(seconds(2));
  EXPECT_GT(delay.slow(), seconds(5)) << "always so slow";
  rules.breaker.slow = milliseconds(300);
  EXPECT_EQ(delay.slow(), milliseconds(300)) << "as configured";
}

class AttemptsTest : public ::testing::Test {
 protected:
  using Which = Attempts::Which;
  using Step = Attempts::Step;

  Step end(Which which, Reason reason, Duration retry_after = {}) {
    outcome = failed(Status::error, reason);
    outcome.retry_after = retry_after;
    return attempts.ended(which, outcome, symptom_of(outcome, milliseconds(1), seconds(1)), rules);
  }

  RetryRules rules;
  Attempts attempts;
  Outcome outcome;
  SeededRandom random{5};
};

TEST_F(AttemptsTest, RetriesOnceWhatMayPass) {
  attempts.started(Which::main);
  EXPECT_EQ(end(Which::main, Reason::unreachable), Step::retry);
  attempts.started(Which::main);
  EXPECT_EQ(end(Which::main, Reason::unreachable), Step::finish);
  EXPECT_EQ(attempts.course.calls, 2U);
  EXPECT_EQ(attempts.course.retries, 1U);
}

TEST_F(AttemptsTest, NeverRetriesWhatWouldEndAlike) {
  for (const auto reason : {Reason::none, Reason::upstream_refused, Reason::upstream_unauthorized, Reason::deadline,
                            Reason::connector_timeout, Reason::plugin_crashed, Reason::plugin_failed, Reason::shape,
                            Reason::overloaded, Reason::breaker_open, Reason::upstream_rate_limited}) {
    attempts = {};
    attempts.started(Which::main);
    EXPECT_EQ(end(Which::main, reason), Step::finish) << name_of(reason);
  }
}

TEST_F(AttemptsTest, TakesTheFirstGoodAnswerOfTwo) {
  attempts.started(Which::main);
  EXPECT_TRUE(attempts.may_hedge());
  attempts.started(Which::hedge);
  EXPECT_FALSE(attempts.may_hedge());
  EXPECT_EQ(end(Which::main, Reason::upstream_failed), Step::wait);
  EXPECT_EQ(end(Which::hedge, Reason::none), Step::finish);
  EXPECT_TRUE(attempts.course.hedge_answered);
  EXPECT_EQ(attempts.course.hedges, 1U);
  EXPECT_EQ(attempts.course.retries, 0U);
}

TEST_F(AttemptsTest, EndsWithTheLastFailureOfTwo) {
  attempts.started(Which::main);
  attempts.started(Which::hedge);
  EXPECT_EQ(end(Which::hedge, Reason::upstream_refused), Step::finish) << "an answer, if not a liked one";
  attempts = {};
  attempts.started(Which::main);
  attempts.started(Which::hedge);
  EXPECT_EQ(end(Which::hedge, Reason::plugin_failed), Step::wait);
  EXPECT_EQ(end(Which::main, Reason::plugin_failed), Step::finish);
}

TEST_F(AttemptsTest, PausesAnywhereBetweenNothingAndAWhile) {
  attempts.started(Which::main);
  end(Which::main, Reason::unreachable);
  Duration least = seconds(1), most{};
  for (int i = 0; i < 1000; ++i) {
    const auto pause = attempts.pause(outcome, seconds(10), milliseconds(5), random);
    ASSERT_TRUE(pause);
    least = std::min(least, *pause);
    most = std::max(most, *pause);
  }
  EXPECT_LT(least, milliseconds(1));
  EXPECT_GT(most, milliseconds(49));
  EXPECT_LE(most, milliseconds(50));
}

TEST_F(AttemptsTest, ComesNoSoonerThanAskedAndNotAtAllWhenThatIsTooLate) {
  attempts.started(Which::main);
  EXPECT_EQ(end(Which::main, Reason::upstream_rate_limited, seconds(1)), Step::retry);
  for (int i = 0; i < 100; ++i) EXPECT_GE(attempts.pause(outcome, seconds(5), milliseconds(5), random), seconds(1));
  EXPECT_FALSE(attempts.pause(outcome, milliseconds(990), milliseconds(5), random));
}

TEST_F(AttemptsTest, StartsNothingThatCannotBeOverInTime) {
  attempts.started(Which::main);
  end(Which::main, Reason::unreachable);
  EXPECT_FALSE(attempts.pause(outcome, milliseconds(20), milliseconds(20), random));
  EXPECT_FALSE(attempts.pause(outcome, Duration::zero(), Duration::zero(), random));
}

} // namespace
} // namespace plugboard::connector
