#include "plugins/rest/times.hpp"

#include <gtest/gtest.h>

namespace plugboard::rest {
namespace {

using namespace std::chrono;

TEST(TimesTest, WritesUnixTimeAsUtc) {
  EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(1767225599'000'000), "2025-12-31T23:59:59Z");
  EXPECT_EQ(format_utc(951782400'000'000), "2000-02-29T00:00:00Z");
  EXPECT_EQ(format_utc(1'500'000), "1970-01-01T00:00:01.500Z");
  EXPECT_EQ(format_utc(1'000'001), "1970-01-01T00:00:01.000001Z");
  EXPECT_EQ(format_utc(-1), "1969-12-31T23:59:59.999999Z");
}

TEST(TimesTest, WritesYearsOfFourDigitsOnly) {
  EXPECT_EQ(format_utc(253402300799'000'000), "9999-12-31T23:59:59Z");
  EXPECT_EQ(format_utc(253402300800'000'000), std::nullopt);
  EXPECT_EQ(format_utc(std::numeric_limits<std::int64_t>::max()), std::nullopt);
  EXPECT_EQ(format_utc(std::numeric_limits<std::int64_t>::min()), std::nullopt);
}

TEST(TimesTest, ReadsADateAloneOrBeforeATime) {
  EXPECT_EQ(read_date("2024-02-29"), "2024-02-29");
  EXPECT_EQ(read_date("2026-01-31T10:00:00Z"), "2026-01-31");
  EXPECT_EQ(read_date("2026-01-31 10:00"), "2026-01-31");
  for (auto text : {"2023-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "26-01-31", "2026-1-31", "2026/01/31",
                    "20260131", "2026-01-311", "", "31.01.2026"})
    EXPECT_EQ(read_date(text), std::nullopt) << text;
}

TEST(TimesTest, BringsTimesToUtc) {
  EXPECT_EQ(read_date_time("2026-01-31T10:00:00Z", {}), "2026-01-31T10:00:00Z");
  EXPECT_EQ(read_date_time("2026-01-31t10:00:00z", {}), "2026-01-31T10:00:00Z");
  EXPECT_EQ(read_date_time("2026-01-31 10:00:00+01:00", {}), "2026-01-31T09:00:00Z");
  EXPECT_EQ(read_date_time("2026-01-01T00:30:00+02:00", {}), "2025-12-31T22:30:00Z");
  EXPECT_EQ(read_date_time("2025-12-31T22:30:00.123-05:30", {}), "2026-01-01T04:00:00.123Z");
  EXPECT_EQ(read_date_time("1985-04-12T23:20:50.52Z", {}), "1985-04-12T23:20:50.52Z");
}

TEST(TimesTest, TakesAnOffsetForTimesThatCarryNone) {
  EXPECT_EQ(read_date_time("2026-01-31T10:00:00", {}), std::nullopt);
  EXPECT_EQ(read_date_time("2026-01-31T10:00:00", 60), "2026-01-31T09:00:00Z");
  EXPECT_EQ(read_date_time("2026-01-31T10:00:00.5", 0), "2026-01-31T10:00:00.5Z");
  EXPECT_EQ(read_date_time("2026-01-31T10:00:00Z", 60), "2026-01-31T10:00:00Z") << "its own offset wins";
}

TEST(TimesTest, TakesALeapSecondOnlyAtTheEndOfADay) {
  EXPECT_EQ(read_date_time("1990-12-31T23:59:60Z", {}), "1991-01-01T00:00:00Z");
  EXPECT_EQ(read_date_time("1990-12-31T15:59:60-08:00", {}), "1991-01-01T00:00:00Z");
  EXPECT_EQ(read_date_time("1990-12-31T22:59:60Z", {}), std::nullopt);
}

TEST(TimesTest, RefusesWhatIsNoTime) {
  for (auto text :
       {"", "2026-01-31", "2026-01-31T10:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:60:00Z", "2026-01-31T10:00:61Z",
        "2026-01-31T10:00:00.Z", "2026-01-31T10:00:00+0100", "2026-01-31T10:00:00+24:00", "2026-01-31T10:00:00Zx",
        "2026-02-30T10:00:00Z", "2026-01-31X10:00:00Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"})
    EXPECT_EQ(read_date_time(text, {}), std::nullopt) << text;
}

TEST(TimesTest, ReadsOffsets) {
  EXPECT_EQ(read_offset("Z"), 0);
  EXPECT_EQ(read_offset("+05:45"), 345);
  EXPECT_EQ(read_offset("-03:30"), -210);
  for (auto text : {"", "+1:00", "0100", "+01:60", "+24:00", "CET"}) EXPECT_EQ(read_offset(text), std::nullopt) << text;
}

TEST(TimesTest, ReadsTheThreeFormsOfAnHttpDate) {
  const sys_seconds then{784111777s}, now{1767225600s};
  EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now), then);
  EXPECT_EQ(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now), then);
  EXPECT_EQ(read_http_date("Sun Nov  6 08:49:37 1994", now), then);
}

TEST(TimesTest, PutsTwoDigitYearsWithinFiftyYears) {
  const sys_seconds now{1767225600s}; // 2026
  auto year_of = [&](std::string_view text) {
    return static_cast<int>(year_month_day(floor<days>(*read_http_date(text, now))).year());
  };
  EXPECT_EQ(year_of("Sunday, 06-Nov-76 08:49:37 GMT"), 2076);
  EXPECT_EQ(year_of("Sunday, 06-Nov-77 08:49:37 GMT"), 1977);
}

TEST(TimesTest, RefusesWhatIsNoHttpDate) {
  for (auto text : {"", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
                    "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT",
                    "Sun, 06 unJ 1994 08:49:37 GMT", "2026-01-31T10:00:00Z"})
    EXPECT_EQ(read_http_date(text, sys_seconds()), std::nullopt) << text;
}

} // namespace
} // namespace plugboard::rest
