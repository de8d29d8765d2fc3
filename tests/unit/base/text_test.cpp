#include "core/base/text.hpp"

#include "core/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace plugboard {
namespace {

std::string string_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string number_of(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

TEST(JsonStringTest, LeavesPlainTextAsItIs) {
  EXPECT_EQ(string_of(""), R"("")");
  EXPECT_EQ(string_of("Leonie Köhler, 東京, 😀"), R"("Leonie Köhler, 東京, 😀")");
}

TEST(JsonStringTest, EscapesWhatJsonDemands) {
  EXPECT_EQ(string_of("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(string_of("\b\f\n\r\t\x01\x1f"), R"("\b\f\n\r\t\u0001\u001f")");
  EXPECT_EQ(string_of(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(JsonStringTest, EscapesWhatTerminalsAndLineReadersActUpon) {
  EXPECT_EQ(string_of("\x1b[31m\x7f"), R"("\u001b[31m\u007f")");
  EXPECT_EQ(string_of("\xc2\x85\xc2\x9b"), R"("\u0085\u009b")");
  EXPECT_EQ(string_of("\u2028\u2029"), R"("\u2028\u2029")");
  EXPECT_EQ(string_of("\u202e\u2066"), R"("\u202e\u2066")");
  EXPECT_EQ(string_of("\u00a0\u2027\u202f\u2065"), "\"\u00a0\u2027\u202f\u2065\"");
}

TEST(JsonStringTest, ReplacesEachByteThatIsNoUtf8) {
  EXPECT_EQ(string_of("a\xff"), "\"a\uFFFD\"");
  EXPECT_EQ(string_of("\xc0\xaf"), "\"\uFFFD\uFFFD\"");                     // overlong
  EXPECT_EQ(string_of("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");           // surrogate
  EXPECT_EQ(string_of("\xf4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\""); // beyond Unicode
  EXPECT_EQ(string_of("\xe2\x82"), "\"\uFFFD\uFFFD\"");                     // cut off
  EXPECT_EQ(string_of("\xe2\x82\""), "\"\uFFFD\uFFFD\\\"\"");               // a quote may not be swallowed
}

TEST(JsonStringTest, FindsWhatIsToBeEscapedWhereverItStands) {
  for (std::size_t size = 1; size <= 80; ++size) {
    const std::string plain(size, 'x');
    ASSERT_EQ(string_of(plain), '"' + plain + '"');
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 0x80; ++byte) {
        auto text = plain;
        text[at] = static_cast<char>(byte);
        const bool is_plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
        ASSERT_EQ(string_of(text) == '"' + text + '"', is_plain) << byte << " at " << at << " of " << size;
      }
  }
}

TEST(JsonStringTest, AnyBytesMakeOneLineOfUtf8) {
  SeededRandom random(11);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random.below(24), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.below(256));
    const std::string out = string_of(bytes);
    ASSERT_TRUE(is_utf8(out));
    for (const char c : out) ASSERT_GE(static_cast<unsigned char>(c), 0x20);
    for (const char* separator : {"\u2028", "\u2029", "\xc2\x85"}) ASSERT_EQ(out.find(separator), std::string::npos);
  }
}

TEST(Utf8Test, KnowsTheEdges) {
  EXPECT_TRUE(is_utf8("\x7f\xc2\x80\u07ff\u0800\xed\x9f\xbf\ue000\uffff\U00010000\U0010ffff"));
  for (const char* bad : {"\x80", "\xc1\x80", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xc2"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(JsonNumberTest, IsShortestAndReadsBackEqual) {
  EXPECT_EQ(number_of(0.1), "0.1");
  EXPECT_EQ(number_of(-2.5), "-2.5");
  EXPECT_EQ(number_of(1e300), "1e+300");
  EXPECT_EQ(number_of(9007199254740991), "9007199254740991");
  EXPECT_EQ(number_of(39570083273886203904.0), "3.95700832738862e+19"); // digits alone would be an integer
  SeededRandom random(5);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random.next();
    double value = 0;
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(std::strtod(number_of(value).c_str(), nullptr), value) << number_of(value);
  }
}

TEST(JsonNumberTest, HasNoWordForWhatIsNotFinite) {
  EXPECT_EQ(number_of(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number_of(std::nan("")), "null");
}

} // namespace
} // namespace plugboard
