#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt::test {
namespace {

using ::testing::HasSubstr;

bool taken(const ClaimsText& claims, std::string_view config = {}) {
  return bool(shop_verifier(config)->verify(login_token(claims)));
}

std::string at(std::int64_t offset) {
  return std::to_string(kNow + offset);
}

TEST(TokenTimesTest, ExpiryHasTheLeewayAndNotASecondMore) {
  EXPECT_TRUE(taken({.exp = at(0)}));
  EXPECT_TRUE(taken({.exp = at(-60)}));
  EXPECT_FALSE(taken({.exp = at(-61)}));
  EXPECT_FALSE(taken({.exp = at(-61) + ".9"})) << "fractions are cut, not rounded";
}

TEST(TokenTimesTest, NotBeforeHasTheLeewayAndNotASecondMore) {
  EXPECT_TRUE(taken({.more = "\"nbf\":" + at(60)}));
  EXPECT_FALSE(taken({.more = "\"nbf\":" + at(61)}));
}

TEST(TokenTimesTest, IssuedInTheFutureIsRefusedBeyondTheLeeway) {
  EXPECT_TRUE(taken({.more = "\"iat\":" + at(60)}));
  EXPECT_FALSE(taken({.more = "\"iat\":" + at(61)}));
  EXPECT_TRUE(taken({.more = "\"auth_time\":" + at(60)}));
  EXPECT_FALSE(taken({.more = "\"auth_time\":" + at(61)}));
}

TEST(TokenTimesTest, LeewayIsConfigurable) {
  EXPECT_FALSE(taken({.exp = at(-1)}, R"("leeway_s": 0)"));
  EXPECT_TRUE(taken({.exp = at(-300)}, R"("leeway_s": 300)"));
  EXPECT_FALSE(taken({.exp = at(-301)}, R"("leeway_s": 300)"));
}

TEST(TokenTimesTest, MaxAgeCountsFromIatAndNeedsIt) {
  auto config = R"("max_age_s": 120)";
  EXPECT_TRUE(taken({.more = "\"iat\":" + at(-180)}, config));
  EXPECT_FALSE(taken({.more = "\"iat\":" + at(-181)}, config));
  EXPECT_FALSE(taken({}, config));
}

TEST(TokenTimesTest, ATokenMustEnd) {
  auto result = shop_verifier()->verify(login_token({.exp = ""}));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.failure().message, HasSubstr("no exp"));
}

TEST(TokenTimesTest, TimesAreFiniteNumbersInRange) {
  for (auto exp : {"\"1800000600\"", "null", "true", "[]", "{}", "-1", "-1800000600", "1e300", "253402300800",
                   "18446744073709551615", "99999999999999999999999999", "1e400"})
    EXPECT_FALSE(taken({.exp = exp})) << exp;
  for (auto exp : {"253402300799", "1.8000006e9", "1800000600.5"}) EXPECT_TRUE(taken({.exp = exp})) << exp;
  for (auto name : {"nbf", "iat", "auth_time"})
    for (auto value : {"\"0\"", "null", "-1", "1e300"})
      EXPECT_FALSE(taken({.more = "\"" + std::string(name) + "\":" + value})) << name << " " << value;
}

} // namespace
} // namespace jwt::test
