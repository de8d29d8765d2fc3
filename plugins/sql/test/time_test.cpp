#include "plugins/sql/time.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace plugboard::sql {
namespace {

std::string in(const char* zone, std::string_view text) {
  std::string out;
  switch (to_rfc3339(text, zone ? TimeZone(zone) : TimeZone(), out)) {
  case TimeFault::none:
    return out;
  case TimeFault::not_a_time:
    return "not a time";
  case TimeFault::zone_unknown:
    break;
  }
  return "zone unknown";
}

TEST(TimeTest, ReadsALocalTimeInItsZone) {
  EXPECT_EQ(in("Europe/Stockholm", "2009-01-01 00:00:00"), "2008-12-31T23:00:00Z");
  EXPECT_EQ(in("Europe/Stockholm", "2009-07-01 00:00:00"), "2009-06-30T22:00:00Z");
  EXPECT_EQ(in("Asia/Kolkata", "2009-07-01T12:00"), "2009-07-01T06:30:00Z");
  EXPECT_EQ(in("America/St_Johns", "2024-01-15 08:00:00"), "2024-01-15T11:30:00Z");
  EXPECT_EQ(in("UTC", "2009-01-01"), "2009-01-01T00:00:00Z");
}

TEST(TimeTest, TakesTheFirstOfAnHourThatIsShownTwice) {
  EXPECT_EQ(in("Europe/Stockholm", "2024-10-27 01:59:59"), "2024-10-26T23:59:59Z");
  EXPECT_EQ(in("Europe/Stockholm", "2024-10-27 02:30:00"), "2024-10-27T00:30:00Z");
  EXPECT_EQ(in("Europe/Stockholm", "2024-10-27 03:00:00"), "2024-10-27T02:00:00Z");
}

TEST(TimeTest, TakesTheChangeForAnHourThatIsNeverShown) {
  EXPECT_EQ(in("Europe/Stockholm", "2024-03-31 01:59:59"), "2024-03-31T00:59:59Z");
  EXPECT_EQ(in("Europe/Stockholm", "2024-03-31 02:30:00"), "2024-03-31T01:00:00Z");
  EXPECT_EQ(in("Europe/Stockholm", "2024-03-31 03:00:00"), "2024-03-31T01:00:00Z");
}

TEST(TimeTest, KnowsRulesOfTheFutureAndThePast) {
  EXPECT_EQ(in("America/New_York", "2055-07-01 12:00:00"), "2055-07-01T16:00:00Z");
  EXPECT_EQ(in("Europe/Stockholm", "2060-07-01 00:00:00"), "2060-06-30T22:00:00Z");
  EXPECT_EQ(in("Australia/Sydney", "2060-01-01 00:00:00"), "2059-12-31T13:00:00Z");
  EXPECT_EQ(in("Asia/Kolkata", "2060-07-01 00:00:00"), "2060-06-30T18:30:00Z");
  EXPECT_EQ(in("America/New_York", "1955-01-01 12:00:00"), "1955-01-01T17:00:00Z");
}

TEST(TimeTest, BelievesAnOffset) {
  EXPECT_EQ(in(nullptr, "2009-01-01T00:00:00Z"), "2009-01-01T00:00:00Z");
  EXPECT_EQ(in(nullptr, "2009-01-01 00:00:00+00"), "2009-01-01T00:00:00Z");
  EXPECT_EQ(in("Asia/Tokyo", "2009-01-01 00:00:00+02:30"), "2008-12-31T21:30:00Z");
  EXPECT_EQ(in(nullptr, "2009-01-01T00:00:00-0800"), "2009-01-01T08:00:00Z");
  EXPECT_EQ(in(nullptr, "1880-01-01 00:00:00+01:12:12"), "1879-12-31T22:47:48Z");
}

TEST(TimeTest, KeepsFractionsOfASecond) {
  EXPECT_EQ(in("UTC", "2009-01-01 00:00:00.123456"), "2009-01-01T00:00:00.123456Z");
  EXPECT_EQ(in("UTC", "2009-01-01 00:00:00.2500"), "2009-01-01T00:00:00.25Z");
  EXPECT_EQ(in("UTC", "2009-01-01 00:00:00.000"), "2009-01-01T00:00:00Z");
}

TEST(TimeTest, AsksForTheZoneWhenATimeHasNone) {
  EXPECT_EQ(in(nullptr, "2009-01-01 00:00:00"), "zone unknown");
  EXPECT_EQ(in(nullptr, "2009-01-01"), "zone unknown");
}

TEST(TimeTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "infinity", "2009-13-01", "2009-02-30", "2009-01-01 24:00:00", "2009-01-01 00:60:00", "2009-01-01 00:00:60",
        "01.02.2009", "2009-1-1", "2009-01-01 ", "2009-01-01 00", "1230768000", "2009-01-01 00:00:00 BC", "12009-01-01",
        "2009-01-01 00:00:00+25", "2009-01-01x00:00:00", "2009-01-01 00:00:00Zx", "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00"})
    EXPECT_EQ(in("UTC", text), "not a time") << text;
}

TEST(TimeTest, SaysThatThereIsNoSuchZone) {
  EXPECT_THROW(TimeZone("Europe/Stokholm"), std::runtime_error);
  EXPECT_THROW(TimeZone("CEST"), std::runtime_error);
  EXPECT_TRUE(TimeZone("Europe/Stockholm").named());
}

} // namespace
} // namespace plugboard::sql
