#include "core/connector/breaker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class BreakerTest : public ::testing::Test {
 protected:
  // One call; false: it was not let in.
  bool call(bool fails, bool slow = false, Duration took = milliseconds(1)) {
    const auto entry = breaker.enter(now, random);
    if (!entry.admitted) return false;
    if (entry.probe) probes.push_back(now);
    const Instant started = now;
    now += took;
    breaker.ended({fails ? Symptom::failed : Symptom::answered, slow, entry.probe, started}, now, random);
    return true;
  }

  void open() {
    while (!breaker.is_open()) call(true);
  }

  SeededRandom random{11};
  Breaker breaker{BreakerRules{}};
  Instant now{seconds(1000)};
  std::vector<Instant> probes;
};

TEST_F(BreakerTest, OpensWithinTwentyCallsOfWhichHalfFail) {
  const Duration seldom = milliseconds(100);
  for (int i = 0; i < 100; ++i) call(false, false, seldom);
  int calls = 0;
  while (!breaker.is_open() && calls < 100) call(++calls % 2 == 0, false, seldom);
  EXPECT_LE(calls, 20);
  EXPECT_EQ(breaker.opened(), 1U);
}

TEST_F(BreakerTest, OpensWithinFiveSecondsHoweverManyWereGoodBefore) {
  for (int i = 0; i < 5'000; ++i) call(false);
  const Instant bad = now;
  for (int i = 0; !breaker.is_open() && now - bad < seconds(10); ++i) call(i % 2 == 0);
  EXPECT_LE(now - bad, seconds(5));
}

TEST_F(BreakerTest, StaysClosedWhenATenthFails) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom errors(seed);
    for (int i = 0; i < 10'000; ++i) call(errors.below(10) == 0);
  }
  EXPECT_EQ(breaker.opened(), 0U) << "of 200,000 calls";
}

TEST_F(BreakerTest, OpensForSlownessAlone) {
  for (int i = 0; i < 20 && !breaker.is_open(); ++i) call(false, i % 5 != 0, milliseconds(100));
  EXPECT_TRUE(breaker.is_open());
}

TEST_F(BreakerTest, LearnsNothingFromCallsThatProveNothing) {
  for (int i = 0; i < 1000; ++i) breaker.ended({Symptom::none, true, false, now}, now, random);
  EXPECT_FALSE(breaker.is_open());
}

TEST_F(BreakerTest, ForgetsWhatIsLongAgo) {
  for (int i = 0; i < 9; ++i) call(true);
  now += minutes(1);
  for (int i = 0; i < 9; ++i) call(true);
  EXPECT_FALSE(breaker.is_open());
  now += seconds(1);
  call(true);
  EXPECT_TRUE(breaker.is_open());
}

TEST_F(BreakerTest, TakesWhatBreaksAtOneMomentForOneIncident) {
  const Instant asked = now;
  now += milliseconds(5);
  for (int i = 0; i < 40; ++i) breaker.ended({Symptom::failed, false, false, asked}, now, random);
  EXPECT_FALSE(breaker.is_open());
  call(true); // at once again, and the system was not back yet
  EXPECT_FALSE(breaker.is_open());
  now += seconds(1);
  call(true);
  EXPECT_TRUE(breaker.is_open()) << "it lasts";
}

TEST_F(BreakerTest, LetsOneProbeASecondInAndNoTwoHubsInStep) {
  open();
  const Instant opened = now;
  while (now - opened < minutes(1)) {
    now += milliseconds(1);
    call(true);
  }
  EXPECT_GE(probes.size(), 20U);
  ASSERT_GE(probes.front() - opened, seconds(1));
  std::vector<Duration> gaps;
  for (std::size_t i = 1; i < probes.size(); ++i) gaps.push_back(probes[i] - probes[i - 1]);
  EXPECT_GE(*std::min_element(gaps.begin(), gaps.end()), seconds(1));
  EXPECT_GT(*std::max_element(gaps.begin(), gaps.end()) - *std::min_element(gaps.begin(), gaps.end()),
            milliseconds(50));
}

TEST_F(BreakerTest, ClosesWithinFiveSecondsOfHealth) {
  for (int round = 0; round < 100; ++round) {
    open();
    const Instant ill_until = now + milliseconds(random.below(20'000));
    while (now < ill_until) {
      now += milliseconds(7);
      call(true);
    }
    while (breaker.is_open() && now - ill_until < seconds(20)) {
      now += milliseconds(7);
      call(false);
    }
    ASSERT_LE(now - ill_until, seconds(5)) << "round " << round;
  }
}

TEST_F(BreakerTest, ClosesSoonAfterAProbeThatWentWell) {
  open();
  const auto pass = [&] { now += milliseconds(5); };
  for (pass(); !call(false); pass()) {}
  const Instant good = now;
  for (pass(); breaker.is_open(); pass()) call(false);
  EXPECT_LE(now - good, milliseconds(150));
}

TEST_F(BreakerTest, ProbesNoOftenerThanOnceASecondWhereEveryOtherGoesWell) {
  open();
  const Instant opened = now;
  while (now - opened < minutes(10)) {
    now += milliseconds(5);
    call(probes.size() % 2 == 1);
  }
  EXPECT_TRUE(breaker.is_open());
  EXPECT_LE(probes.size(), 600U);
  EXPECT_GE(probes.size(), 400U);
}

TEST_F(BreakerTest, NeedsMoreThanOneLuckyProbe) {
  open();
  const auto opened = breaker.opened();
  for (int i = 0; i < 100; ++i) { // every other probe goes well
    now += seconds(3);
    call(i % 2 == 0);
  }
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(breaker.opened(), opened);
}

TEST_F(BreakerTest, IsNotToldByCallsOfBefore) {
  const Instant before = now;
  open();
  for (int i = 0; i < 10; ++i) breaker.ended({Symptom::answered, false, true, before - milliseconds(1)}, now, random);
  EXPECT_TRUE(breaker.is_open());
  while (breaker.is_open()) {
    now += milliseconds(100);
    call(false);
  }
  for (int i = 0; i < 50; ++i) breaker.ended({Symptom::failed, false, false, before}, now, random);
  EXPECT_FALSE(breaker.is_open()) << "these failures began before it closed";
}

TEST_F(BreakerTest, SaysWhenToComeAgain) {
  open();
  const auto entry = breaker.enter(now, random);
  EXPECT_FALSE(entry.admitted);
  EXPECT_GE(entry.retry_after, milliseconds(900));
  now += entry.retry_after;
  EXPECT_TRUE(breaker.enter(now, random).probe);
}

TEST_F(BreakerTest, CanBeSwitchedOff) {
  BreakerRules rules;
  rules.enabled = false;
  Breaker off(rules);
  for (int i = 0; i < 100; ++i) off.ended({Symptom::failed, true, false, now}, now, random);
  EXPECT_TRUE(off.enter(now, random).admitted);
}

} // namespace
} // namespace plugboard::connector
