#include "core/base/clock.hpp"
#include "core/base/random.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

using namespace std::chrono_literals;

std::string printed(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? rfc3339(*time) : "refused";
}

TEST(Rfc3339Test, ReadsEveryOffset) {
  EXPECT_EQ(printed("2026-11-22T04:31:15.123Z"), "2026-11-22T04:31:15.123Z");
  EXPECT_EQ(printed("2026-11-22T04:31:15+02:00"), "2026-11-22T02:31:15.000Z");
  EXPECT_EQ(printed("2026-11-22T23:31:15-05:30"), "2026-11-23T05:01:15.000Z");
  EXPECT_EQ(printed("2026-11-22t04:31:15z"), "2026-11-22T04:31:15.000Z");
}

TEST(Rfc3339Test, KnowsLeapDaysAndSeconds) {
  EXPECT_EQ(printed("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(printed("2023-02-29T00:00:00Z"), "refused");
  EXPECT_EQ(printed("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(printed("2017-01-01T00:59:60+01:00"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(printed("2016-12-31T12:00:60Z"), "refused");
}

TEST(Rfc3339Test, KeepsNanosecondsAndCutsTheRest) {
  const auto time = parse_rfc3339("1970-01-01T00:00:00.1234567899999Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->time_since_epoch(), 123456789ns);
}

TEST(Rfc3339Test, PrintsTimesBefore1970) {
  EXPECT_EQ(rfc3339(WallTime(-1ns)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(printed("1901-02-03T04:05:06.789Z"), "1901-02-03T04:05:06.789Z");
}

TEST(Rfc3339Test, RefusesWhatNanosecondsDoNotReach) {
  EXPECT_EQ(printed("1678-01-01T00:00:00Z"), "1678-01-01T00:00:00.000Z");
  EXPECT_EQ(printed("2261-12-31T23:59:59.999999999Z"), "2261-12-31T23:59:59.999Z");
  EXPECT_EQ(printed("0001-01-01T00:00:00Z"), "refused");
  EXPECT_EQ(printed("9999-12-31T23:59:59Z"), "refused");
}

class Rfc3339RefusesTest : public testing::TestWithParam<const char*> {};

TEST_P(Rfc3339RefusesTest, WithAMessageThatShowsHow) {
  const auto time = parse_rfc3339(GetParam());
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, Code::invalid_argument);
  EXPECT_NE(time.error().message.find("2026-11-22T04:31:15Z"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Texts, Rfc3339RefusesTest,
                         testing::Values("", "2026-11-22", "2026-11-22T04:31:15", "2026-11-22 04:31:15Z",
                                         "2026-11-22T04:31:15.Z", "2026-11-22T04:31Z", "2026-13-22T04:31:15Z",
                                         "2026-11-31T04:31:15Z", "2026-11-22T24:00:00Z", "2026-11-22T04:60:15Z",
                                         "2026-11-22T04:31:61Z", "2026-11-22T04:31:15+2:00",
                                         "2026-11-22T04:31:15+24:00", "2026-11-22T04:31:15Z ", "+2026-11-22T04:31:15Z",
                                         "2026-1a-22T04:31:15Z", "2026-11-22T04:31:15+0200", "-2026-11-22T04:31:15Z"));

TEST(Rfc3339Test, RoundTripsAnyMillisecond) {
  SeededRandom random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto since_epoch =
        std::chrono::milliseconds(static_cast<std::int64_t>(random.below(18'000'000'000'000)) - 9'000'000'000'000);
    const WallTime time{since_epoch};
    const auto read = parse_rfc3339(rfc3339(time));
    ASSERT_TRUE(read) << rfc3339(time);
    ASSERT_EQ(*read, time) << rfc3339(time);
  }
}

} // namespace
} // namespace plugboard
