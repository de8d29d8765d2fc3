#include "plugins/sql/yearly_rule.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace plugboard::sql {
namespace {

long long at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  const date::sys_seconds midnight = date::sys_days(date::year(year) / date::month(month) / date::day(day));
  return (midnight + std::chrono::hours(hour) + std::chrono::minutes(minute)).time_since_epoch().count();
}

YearlyRule rule(std::string_view posix) {
  auto parsed = YearlyRule::parse(posix);
  if (!parsed) ADD_FAILURE() << posix;
  return parsed.value_or(YearlyRule());
}

TEST(YearlyRuleTest, KnowsSummerFromWinter) {
  const auto stockholm = rule("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(stockholm.to_utc(at(2060, 1, 1)), at(2059, 12, 31, 23));
  EXPECT_EQ(stockholm.to_utc(at(2060, 7, 1)), at(2060, 6, 30, 22));
  EXPECT_EQ(stockholm.to_utc(at(2060, 12, 31, 23)), at(2060, 12, 31, 22));
}

TEST(YearlyRuleTest, ChoosesInTheHoursOfChange) {
  const auto stockholm = rule("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(stockholm.to_utc(at(2060, 3, 28, 1, 59)), at(2060, 3, 28, 0, 59));
  EXPECT_EQ(stockholm.to_utc(at(2060, 3, 28, 2, 30)), at(2060, 3, 28, 1));
  EXPECT_EQ(stockholm.to_utc(at(2060, 3, 28, 3)), at(2060, 3, 28, 1));
  EXPECT_EQ(stockholm.to_utc(at(2060, 10, 31, 2, 30)), at(2060, 10, 31, 0, 30));
  EXPECT_EQ(stockholm.to_utc(at(2060, 10, 31, 3)), at(2060, 10, 31, 2));
}

TEST(YearlyRuleTest, ReadsEveryWayToWriteADay) {
  EXPECT_EQ(rule("<-03>3").to_utc(at(2060, 7, 1)), at(2060, 7, 1, 3));
  EXPECT_EQ(rule("IST-5:30").to_utc(at(2060, 7, 1)), at(2060, 6, 30, 18, 30));
  EXPECT_EQ(rule("AAA0BBB,J60,J300").to_utc(at(2060, 3, 1, 1)), at(2060, 3, 1, 1));
  EXPECT_EQ(rule("AAA0BBB,J60,J300").to_utc(at(2060, 3, 1, 3)), at(2060, 3, 1, 2));
  EXPECT_EQ(rule("AAA0BBB,59,300").to_utc(at(2060, 2, 29, 3)), at(2060, 2, 29, 2));
  for (const char* wrong :
       {"", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x"})
    EXPECT_FALSE(YearlyRule::parse(wrong)) << wrong;
}

// All zones there are, in a year that their files list change by change: the rule must say the same.
TEST(YearlyRuleTest, AgreesWithEveryZonesTable) {
  std::size_t compared = 0;
  for (const auto& zone : date::get_tzdb().zones) {
    std::ifstream file("/usr/share/zoneinfo/" + zone.name(), std::ios::binary);
    std::string line, last;
    while (std::getline(file, line)) last = line;
    const auto parsed = YearlyRule::parse(last);
    ASSERT_TRUE(parsed) << zone.name() << ": " << last;
    const bool exceptions_to_come = zone.name() == "Asia/Gaza" || zone.name() == "Asia/Hebron"; // Ramadans
    if (last.find(',') == std::string::npos || exceptions_to_come) continue;
    for (long long local = at(2035, 12, 20); local < at(2036, 12, 20); local += 5400) {
      const date::local_seconds time{std::chrono::seconds(local)};
      ASSERT_EQ(parsed->to_utc(local), zone.to_sys(time, date::choose::earliest).time_since_epoch().count())
          << zone.name() << " " << last << " " << local;
    }
    ++compared;
  }
  EXPECT_GT(compared, 50U);
}

} // namespace
} // namespace plugboard::sql
