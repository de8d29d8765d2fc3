#include "core/http/kept_names.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

class KeptNamesTest : public ::testing::Test {
 protected:
  bool knows(const std::string& name, Duration later) const { return kept.find(name, now + later) != nullptr; }

  const Addresses some{boost::asio::ip::make_address("192.0.2.1")};
  const Instant now{1h};
  KeptNames kept;
};

TEST_F(KeptNamesTest, KeepsAnAnswerForAsLongAsItMayAndNoLonger) {
  kept.keep("a.example", some, 10s, now);
  EXPECT_EQ(kept.find("a.example", now)->value(), some);
  EXPECT_TRUE(knows("a.example", 10s - 1ns));
  EXPECT_FALSE(knows("a.example", 10s));
  EXPECT_FALSE(knows("b.example", 0s));
}

TEST_F(KeptNamesTest, KeepsASecondAtLeastAndFiveMinutesAtMost) {
  kept.keep("brief.example", some, 0s, now);
  kept.keep("long.example", some, 24h, now);
  EXPECT_TRUE(knows("brief.example", 1s - 1ns));
  EXPECT_FALSE(knows("brief.example", 1s));
  EXPECT_TRUE(knows("long.example", 5min - 1ns));
  EXPECT_FALSE(knows("long.example", 5min));
}

TEST_F(KeptNamesTest, KeepsBrieflyThatThereIsNone) {
  kept.keep("gone.example", fail(Code::unreachable, "its name is not known"), 24h, now);
  EXPECT_EQ(kept.find("gone.example", now)->error().code, Code::unreachable);
  EXPECT_TRUE(knows("gone.example", 2s - 1ns));
  EXPECT_FALSE(knows("gone.example", 2s));
}

TEST_F(KeptNamesTest, AddressesGoOnForADayHalfAMinuteAtATime) {
  kept.keep("a.example", some, 10s, now);
  EXPECT_EQ(kept.go_on("a.example", now + 10s)->value(), some);
  EXPECT_TRUE(knows("a.example", 40s - 1ns));
  EXPECT_FALSE(knows("a.example", 40s));
  EXPECT_TRUE(kept.go_on("a.example", now + 24h));
  EXPECT_FALSE(knows("a.example", 24h + 10s)) << "beyond the day";
  EXPECT_FALSE(kept.may_go_on("a.example", now + 24h + 10s));
  EXPECT_FALSE(kept.go_on("a.example", now + 24h + 10s));
  kept.keep("a.example", some, 5min, now);
  EXPECT_TRUE(kept.go_on("a.example", now));
  EXPECT_TRUE(knows("a.example", 5min - 1ns)) << "never for a shorter time";
}

TEST_F(KeptNamesTest, ThatThereIsNoneDoesNotGoOn) {
  kept.keep("a.example", some, 10s, now);
  kept.keep("a.example", fail(Code::unreachable, "its name is not known"), 0s, now + 10s);
  EXPECT_FALSE(kept.go_on("a.example", now + 12s));
  EXPECT_FALSE(kept.go_on("b.example", now));
}

TEST_F(KeptNamesTest, ANewAnswerTakesThePlaceOfTheOld) {
  kept.keep("a.example", fail(Code::unreachable, "its name is not known"), 0s, now);
  kept.keep("a.example", some, 10s, now);
  EXPECT_TRUE(*kept.find("a.example", now));
  EXPECT_EQ(kept.size(), 1U);
}

TEST_F(KeptNamesTest, IsBoundedAndForgetsFirstWhatWouldEndFirst) {
  kept.keep("first.example", some, 5s, now);
  for (std::size_t i = 1; i < KeptNames::kMost; ++i) kept.keep(std::to_string(i), some, 60s, now);
  kept.keep("one.more", some, 60s, now);
  EXPECT_EQ(kept.size(), KeptNames::kMost);
  EXPECT_FALSE(knows("first.example", 0s));
  EXPECT_TRUE(knows("1", 0s));
  EXPECT_TRUE(knows("one.more", 0s));
  kept.keep("much.later", some, 60s, now + 61s);
  EXPECT_EQ(kept.size(), 1U);
}

} // namespace
} // namespace plugboard::http
