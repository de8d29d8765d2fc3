#include "core/base/clock.hpp"
#include "core/base/deadline.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

using namespace std::chrono_literals;

TEST(FakeClockTest, StandsStillUntilTold) {
  const FakeClock clock;
  EXPECT_EQ(clock.now(), clock.now());
  EXPECT_EQ(rfc3339(clock.wall()), "2026-01-01T00:00:00.000Z");
}

TEST(FakeClockTest, AdvancesBothClocks) {
  FakeClock clock;
  const Instant now = clock.now();
  clock.advance(1500ms);
  EXPECT_EQ(clock.now() - now, 1500ms);
  EXPECT_EQ(rfc3339(clock.wall()), "2026-01-01T00:00:01.500Z");
}

TEST(FakeClockTest, JumpsTheWallAlone) {
  FakeClock clock;
  const Instant now = clock.now();
  clock.jump_wall(-1h);
  EXPECT_EQ(clock.now(), now);
  EXPECT_EQ(rfc3339(clock.wall()), "2025-12-31T23:00:00.000Z");
}

TEST(SystemClockTest, NeverRunsBackwards) {
  const SystemClock clock;
  const Instant first = clock.now();
  EXPECT_GE(clock.now(), first);
  EXPECT_GT(clock.wall(), parse_rfc3339("2026-01-01T00:00:00Z").value() - 24h * 3650);
}

TEST(DeadlineTest, OnlyShortens) {
  const Instant now = FakeClock().now();
  const Deadline deadline = Deadline::after(now, 100ms);
  EXPECT_EQ(deadline.no_later_than(now + 50ms).left(now), 50ms);
  EXPECT_EQ(deadline.no_later_than(now + 1s).left(now), 100ms);
}

TEST(DeadlineTest, HasPassedAtItsMoment) {
  const Instant now = FakeClock().now();
  const Deadline deadline = Deadline::after(now, 100ms);
  EXPECT_FALSE(deadline.passed(now + 100ms - 1ns));
  EXPECT_TRUE(deadline.passed(now + 100ms));
  EXPECT_EQ(deadline.left(now + 1h), Duration::zero());
}

TEST(DeadlineTest, BeyondTheEndOfTimeIsNever) {
  const Instant now = FakeClock().now();
  EXPECT_EQ(Deadline::after(now, Duration::max()).at(), Deadline::never().at());
  EXPECT_FALSE(Deadline::never().passed(now));
}

TEST(MillisecondsTest, KeepsFractions) {
  EXPECT_DOUBLE_EQ(milliseconds(1500us), 1.5);
}

} // namespace
} // namespace plugboard
