#include "plugins/sql/text.hpp"

#include <gtest/gtest.h>

namespace plugboard::sql {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST(TextTest, KnowsUtf8FromWhatIsNot) {
  for (std::string_view good : {"", "abc", "äöü", "€", "\U0001F600", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (std::string_view bad : {"\xff", "\xe4", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                               "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "a\x80z", "\xe2\x82", "\xc3\x28"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(TextTest, QuotesWhatJsonWouldTrip) {
  EXPECT_EQ(quoted("a\"b\\c\n\t\r"), R"("a\"b\\c\n\t\r")");
  EXPECT_EQ(quoted(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(quoted("ä€"), "\"ä€\"");
}

TEST(TextTest, TakesOnlyOneWholeJsonValue) {
  for (std::string_view good : {"{}", "[1, 2.5e3, null]", "\"a\"", "12345678901234567890123", " {\"a\": [true]} "})
    EXPECT_TRUE(is_json(good)) << good;
  for (std::string_view bad : {"", "{", "{}{}", "[1,]", "nan", "'a'", "{\"a\":1}x", "\"\xff\"", "01", "{a:1}"})
    EXPECT_FALSE(is_json(bad)) << bad;
  EXPECT_FALSE(is_json(std::string_view("{}\0x", 4)));
}

TEST(TextTest, SurvivesADeepJson) {
  EXPECT_FALSE(is_json(std::string(200'000, '[')));
  EXPECT_TRUE(is_json(std::string(20'000, '[') + std::string(20'000, ']')));
}

} // namespace
} // namespace plugboard::sql
