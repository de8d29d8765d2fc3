#include "plugins/rest/decimal.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace plugboard::rest {
namespace {

std::optional<std::int64_t> exact(std::string_view text, int digits = 2) {
  return scaled(text, digits, Excess::refuse);
}

TEST(DecimalTest, ScalesWithoutFloatingPointError) {
  EXPECT_EQ(exact("1299.90"), 129990);
  EXPECT_EQ(exact("0.29"), 29);  // 28.999999999999996 as a double
  EXPECT_EQ(exact("1.15"), 115); // 114.99999999999999
  EXPECT_EQ(exact("4.35"), 435); // 434.99999999999994
  EXPECT_EQ(exact("1005.01"), 100501);
  EXPECT_EQ(exact("90071992547409.93"), 9007199254740993); // 2^53 + 1: no double holds it
  EXPECT_EQ(exact("19"), 1900);
  EXPECT_EQ(exact("-0.01"), -1);
  EXPECT_EQ(exact("0"), 0);
  EXPECT_EQ(exact("-0.00"), 0);
  EXPECT_EQ(exact("1500", 0), 1500);
  EXPECT_EQ(exact("1.234", 3), 1234);
}

TEST(DecimalTest, ReadsExponents) {
  EXPECT_EQ(exact("1.2e3"), 120000);
  EXPECT_EQ(exact("12E-1"), 120);
  EXPECT_EQ(exact("12e+1"), 12000);
  EXPECT_EQ(exact("0e999999999999"), 0);
  EXPECT_EQ(exact("1e-2"), 1);
}

TEST(DecimalTest, TakesZerosThatAreFinerThanAsked) {
  EXPECT_EQ(exact("12.3400000000000000000000000000"), 1234);
  EXPECT_EQ(exact("1200e-2", 0), 12);
}

TEST(DecimalTest, RefusesWhatIsFinerThanAsked) {
  EXPECT_EQ(exact("12.345"), std::nullopt);
  EXPECT_EQ(exact("0.30000000000000004"), std::nullopt);
  EXPECT_EQ(exact("0.001"), std::nullopt);
  EXPECT_EQ(exact("1e-3"), std::nullopt);
  EXPECT_EQ(exact("1e-99999999999999999999"), std::nullopt);
  EXPECT_EQ(exact("10.5", 0), std::nullopt);
}

TEST(DecimalTest, CutsWhatIsFinerWhenAskedTo) {
  EXPECT_EQ(scaled("1.2345678", 6, Excess::cut), 1234567);
  EXPECT_EQ(scaled("0.0000001", 6, Excess::cut), 0);
  EXPECT_EQ(scaled("1e-400", 6, Excess::cut), 0);
  EXPECT_EQ(scaled("-1.9", 0, Excess::cut), -1);
}

TEST(DecimalTest, KeepsToSixtyFourBits) {
  EXPECT_EQ(exact("92233720368547758.07"), 9223372036854775807);
  EXPECT_EQ(exact("92233720368547758.08"), std::nullopt);
  EXPECT_EQ(exact("-92233720368547758.08"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(exact("-92233720368547758.09"), std::nullopt);
  EXPECT_EQ(exact("1e17"), std::nullopt);
  EXPECT_EQ(exact("1e16"), 1000000000000000000);
  EXPECT_EQ(exact("1e99999999999999999999"), std::nullopt);
}

TEST(DecimalTest, RefusesWhatIsNoNumber) {
  for (auto text : {"", "-", ".", ".5", "5.", "+5", " 5", "5 ", "1,299.00", "1299,00", "1e", "1e+", "e5", "0x10", "NaN",
                    "1.2.3", "--1", "1-"})
    EXPECT_EQ(exact(text), std::nullopt) << text;
}

TEST(DecimalTest, GivesBackEveryAmountThatIsWrittenOut) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    auto minor = static_cast<std::int64_t>(random() >> (random() % 63)) / 2;
    if (i % 2) minor = -minor;
    auto magnitude = minor < 0 ? -minor : minor;
    auto cents = std::to_string(magnitude % 100);
    auto text = (minor < 0 ? "-" : "") + std::to_string(magnitude / 100) + "." + (cents.size() < 2 ? "0" : "") + cents;
    ASSERT_EQ(exact(text), minor) << text;
  }
}

TEST(DecimalTest, KnowsHowJsonWritesNumbers) {
  for (auto text : {"0", "-0", "10", "1.50", "1e5", "-1.5E-10"}) EXPECT_TRUE(is_json_number(text)) << text;
  for (auto text : {"", "-", "00", "01", "-01", "1.", ".1", "1e", "+1", "0x1", "1 "})
    EXPECT_FALSE(is_json_number(text)) << text;
}

} // namespace
} // namespace plugboard::rest
