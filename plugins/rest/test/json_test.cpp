#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text) {
  auto value = read_json(text);
  if (value) return "was accepted: " + write_json(*value);
  EXPECT_EQ(value.failure().status, Status::upstream_malformed);
  return value.failure().message;
}

TEST(JsonTest, KeepsNumbersAsTheyWereWritten) {
  const std::string text = R"([1299.90,0.1,-0,1e3,12345678901234567890,3.141592653589793238462643])";
  EXPECT_EQ(write_json(json(text)), text);
}

TEST(JsonTest, TellsNumbersFromStrings) {
  auto value = json(R"([1,"1"])");
  EXPECT_TRUE(value.items[0].is(Value::Kind::number));
  EXPECT_TRUE(value.items[1].is(Value::Kind::string));
}

TEST(JsonTest, KeepsOrderEscapesAndAllKinds) {
  const std::string text = R"({"z":null,"a":[true,false,{}],"":"\"\\\n\u0001å€😀"})";
  EXPECT_EQ(write_json(json(text)), text);
}

TEST(JsonTest, RefusesDuplicateKeysAlsoDeepInside) {
  EXPECT_THAT(refusal(R"({"a":[{"b":1,"c":2,"b":3}]})"), HasSubstr("two members of one name"));
  EXPECT_THAT(refusal(R"({"a":1,"\u0061":2})"), HasSubstr("two members of one name"));
}

TEST(JsonTest, TakesSixtyFourLevelsAndNoMore) {
  auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(read_json(nested(64)));
  EXPECT_THAT(refusal(nested(65)), HasSubstr("deeper than 64"));
  EXPECT_THAT(refusal(std::string(200'000, '[')), HasSubstr("deeper than 64"));
}

TEST(JsonTest, DropsWhatLiesDeeperThanItIsToKeep) {
  const auto read = read_json(R"({"a":1,"b":{"c":[2]},"d":["x"],"e":"f"})", 1);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_json(*read), R"({"a":1,"b":{},"d":[],"e":"f"})");
  EXPECT_FALSE(read_json(R"({"a":[{]})", 1));
}

TEST(JsonTest, RefusesWhatIsNoSoundJson) {
  using namespace std::string_view_literals;
  for (auto text : {""sv,
                    " "sv,
                    "{\"a\":"sv,
                    "{\"a\":1"sv,
                    "[1,]"sv,
                    "{'a':1}"sv,
                    "{} {}"sv,
                    "01"sv,
                    "1."sv,
                    "+1"sv,
                    "NaN"sv,
                    "nul"sv,
                    "\"\\x\""sv,
                    "\"a\nb\""sv,
                    "// x\n1"sv,
                    "{}\0"sv,
                    "{}\0x"sv,
                    "\"\0\""sv,
                    "\"\xff\""sv,
                    "\"\xc0\xaf\""sv,
                    "\xef\xbb\xbf{}"sv,
                    "<html></html>"sv})
    EXPECT_FALSE(read_json(text)) << text;
}

TEST(JsonTest, RefusesHalvesOfSurrogatePairs) {
  EXPECT_FALSE(read_json(R"("\ud800")"));
  EXPECT_FALSE(read_json(R"("\udc00")"));
  EXPECT_FALSE(read_json(R"({"\udc00":1})"));
  EXPECT_FALSE(read_json(R"("\ud800\u0041")"));
  EXPECT_TRUE(read_json(R"("\ud83d\ude00")"));
  EXPECT_TRUE(read_json("\"\xed\x9f\xbf\"")) << "U+D7FF is no surrogate";
}

TEST(JsonTest, NeverQuotesWhatItRefuses) {
  EXPECT_THAT(refusal(R"({"ssn": 1234x})"), Not(HasSubstr("1234")));
}

} // namespace
} // namespace plugboard::rest::test
