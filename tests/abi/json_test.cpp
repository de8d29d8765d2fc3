// JSON as the SDK reads and writes it.
#include <plugboard/json.hpp>

#include <gtest/gtest.h>

namespace plugboard {
namespace {

std::string fault(std::string_view text, const JsonLimits& limits = {}) {
  auto read = parse_json(text, limits);
  if (read) return "";
  EXPECT_EQ(read.failure().status, Status::upstream_malformed);
  return read.failure().message;
}

TEST(JsonValueTest, FindsWhatIsThereAndNothingWhereNothingIs) {
  const auto read = parse_json(R"( {"id": 7, "name": "Ada \u00e5\ud83d\ude00\n", "tags": ["a", "b"], "vip": true,
                                   "sum": -12.50e1, "none": null, "deep": {"er": {"still": false}}} )");
  ASSERT_TRUE(read) << read.failure().message;
  const JsonValue& root = *read;
  EXPECT_EQ(root["id"].integer(), 7);
  EXPECT_EQ(root["id"].id(), "7");
  EXPECT_EQ(root["name"].text(), "Ada \xc3\xa5\xf0\x9f\x98\x80\n");
  EXPECT_EQ(root["name"].id(), root["name"].text());
  EXPECT_EQ(root["tags"].size(), 2U);
  EXPECT_EQ(root["tags"].at(1).text(), "b");
  EXPECT_EQ(root["vip"].truth(), true);
  EXPECT_EQ(root["sum"].number(), -125.0);
  EXPECT_EQ(root["sum"].number_text(), "-12.50e1");
  EXPECT_EQ(root["sum"].integer(), std::nullopt);
  EXPECT_EQ(root["deep"]["er"]["still"].truth(), false);
  EXPECT_TRUE(root["deep"].is_there());
  EXPECT_FALSE(root["none"].is_there());
  EXPECT_EQ(root["none"].type(), JsonValue::Type::null);
  EXPECT_EQ(root["nowhere"]["at"].at(3)["all"].text(), std::nullopt);
  EXPECT_EQ(root["nowhere"].type(), JsonValue::Type::absent);
  EXPECT_EQ(root["id"].text(), std::nullopt);
  EXPECT_EQ(root["name"].number(), std::nullopt);
  EXPECT_EQ(root.members().at(1).name, "name");
}

TEST(JsonValueTest, TakesNothingThatIsNoJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1",
                           "[1,]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "-",
                           "tru",
                           "nul",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\t\"",
                           "1 2",
                           "[] x",
                           "{} {}",
                           "'a'",
                           "NaN",
                           "Infinity",
                           "// c\n1",
                           "\xef\xbb\xbf{}",
                           "[1 2]",
                           "{\"a\":1 \"b\":2}"})
    EXPECT_NE(fault(text), "") << text;
  EXPECT_NE(fault(std::string_view("[1]\0", 4)), "");
  EXPECT_NE(fault(std::string_view("\0", 1)), "");
}

TEST(JsonValueTest, TakesOnlyWhatIsUtf8) {
  for (const char* wrong : {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                            "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82"})
    EXPECT_NE(fault("\"" + std::string(wrong) + "\"").find("UTF-8"), std::string::npos);
  for (const char* right :
       {"\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_EQ(fault("\"" + std::string(right) + "\""), "");
}

TEST(JsonValueTest, TakesNoMemberTwice) {
  EXPECT_NE(fault(R"({"a": 1, "b": 2, "a": 3})").find("twice"), std::string::npos);
  EXPECT_NE(fault(R"([{"x": {"a": 1, "\u0061": 3}}])").find("twice"), std::string::npos);
}

TEST(JsonValueTest, KeepsWithinItsBounds) {
  EXPECT_EQ(fault(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_NE(fault(std::string(65, '[') + std::string(65, ']')).find("too deep"), std::string::npos);
  EXPECT_NE(fault(std::string(1'000'000, '[')).find("too deep"), std::string::npos);
  EXPECT_EQ(fault("[1,2]", {.values = 3}), "");
  EXPECT_NE(fault("[1,2]", {.values = 2}).find("too many"), std::string::npos);
  EXPECT_NE(fault("[1,2]", {.bytes = 4}).find("larger than 4 bytes"), std::string::npos);
}

TEST(JsonValueTest, SaysWhereAndNeverWhat) {
  EXPECT_EQ(fault(R"({"card": 4111x})"), "no JSON that can be relied on: at byte 13: \",\" or \"}\" was expected");
}

TEST(JsonValueTest, NumbersKeepTheirBounds) {
  EXPECT_EQ(parse_json("9223372036854775807")->integer(), INT64_MAX);
  EXPECT_EQ(parse_json("9223372036854775808")->integer(), std::nullopt);
  EXPECT_EQ(parse_json("9223372036854775808")->number(), 9223372036854775808.0);
  EXPECT_EQ(parse_json("1e999")->number(), std::nullopt);
  EXPECT_EQ(parse_json("1e999")->number_text(), "1e999");
}

TEST(JsonWriterTest, WritesWhatIsKnownAndLeavesOutWhatIsNot) {
  JsonObject inner;
  inner.set("city", "Malm\xc3\xb6");
  JsonArray list;
  list.add("a").add(2).add(inner).add(JsonArray());
  JsonObject object;
  object.set("text", std::string("q\"\\\n")).set("yes", true).set("whole", std::int64_t{-5}).set("part", 0.1);
  object.set("nothing", std::optional<std::string>()).set("something", std::optional<int>(3)).set("list", list);
  EXPECT_EQ(object.text(), "{\"text\":\"q\\\"\\\\\\u000a\",\"yes\":true,\"whole\":-5,\"part\":0.1,\"something\":3,"
                           "\"list\":[\"a\",2,{\"city\":\"Malm\xc3\xb6\"},[]]}");
  EXPECT_EQ(fault(object.text()), "");
  EXPECT_EQ(JsonObject().text(), "{}");
  EXPECT_EQ(object.set("yes", false).text().find("true"), std::string::npos);
}

TEST(JsonWriterTest, MendsATextThatIsNoUtf8) {
  JsonObject object;
  object.set("name", "a\xff\xc3").set("b\xfe", "c");
  EXPECT_EQ(object.text(), "{\"name\":\"a\xef\xbf\xbd\xef\xbf\xbd\",\"b\xef\xbf\xbd\":\"c\"}");
  EXPECT_EQ(fault(object.text()), "");
}

TEST(JsonWriterTest, PassesOnWhatWasReadAsItWas) {
  const std::string text = R"({"a":[1.50,"x\u0007",null,true],"b":{"c":-0}})";
  const auto read = parse_json(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(JsonArray().add(*read).add((*read)["nowhere"]).text(), "[" + text + ",null]");
}

} // namespace
} // namespace plugboard
