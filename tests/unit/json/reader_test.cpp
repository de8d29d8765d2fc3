#include "core/json/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text, Limits limits = {}) {
  Reader reader(limits);
  const auto value = reader.read(text);
  return value ? "accepted" : to_string(value.error());
}

TEST(ReaderTest, ReadsEveryType) {
  Reader reader;
  const Value root =
      reader.read(R"({"n":null,"t":true,"i":-3,"u":18446744073709551615,"d":0.5,"s":"x\u00e9","a":[1,2],"o":{}})")
          .value();
  EXPECT_EQ(root.type(), Type::object);
  EXPECT_EQ(root.size(), 8U);
  EXPECT_EQ(root["n"].type(), Type::null);
  EXPECT_EQ(root["t"].boolean(), true);
  EXPECT_EQ(root["i"].integer(), -3);
  EXPECT_EQ(root["u"].type(), Type::integer);
  EXPECT_EQ(root["u"].integer(), std::nullopt);
  EXPECT_EQ(root["u"].number(), 18446744073709551615.0);
  EXPECT_EQ(root["d"].type(), Type::real);
  EXPECT_EQ(root["d"].integer(), std::nullopt);
  EXPECT_EQ(root["s"].string(), "xé");
  EXPECT_EQ(root["a"].size(), 2U);
  EXPECT_EQ(root["o"].size(), 0U);
  EXPECT_EQ(root["i"].string(), std::nullopt);
}

TEST(ReaderTest, WhatIsNotThereIsNotFound) {
  Reader reader;
  const Value root = reader.read(R"({"a":[{"b":1}]})").value();
  EXPECT_FALSE(root["x"]);
  EXPECT_FALSE(root["x"]["y"]);
  EXPECT_FALSE(root["a"]["b"]);
  EXPECT_EQ(Value()["x"].size(), 0U);
  EXPECT_EQ(Value().string(), std::nullopt);
  EXPECT_FALSE(Value().is_object());
}

TEST(ReaderTest, FollowsPointers) {
  Reader reader;
  const Value root = reader.read(R"({"a":[{"b/c":1,"~":2}]})").value();
  EXPECT_EQ(root.at_pointer("/a/0/b~1c").integer(), 1);
  EXPECT_EQ(root.at_pointer("/a/0/~0").integer(), 2);
  EXPECT_TRUE(root.at_pointer("").is_object());
  for (const char* none : {"/a/1", "/a/-", "/a/0/x", "/a/x", "/a/0/~0/y", "/a/00"})
    EXPECT_FALSE(root.at_pointer(none)) << none;
}

TEST(ReaderTest, WalksMembersAndElementsInOrder) {
  Reader reader;
  const Value root = reader.read(R"({"z":1,"a":[3,4]})").value();
  std::string seen;
  root.each_member([&](std::string_view key, Value value) {
    seen += key;
    value.each_element([&](Value element) { seen += std::to_string(*element.integer()); });
  });
  EXPECT_EQ(seen, "za34");
}

TEST(ReaderTest, ReadsAgainAndAgain) {
  Reader reader;
  for (int i = 0; i < 100; ++i) {
    const std::string text = "[" + std::string(static_cast<std::size_t>(i) * 50, ' ') + std::to_string(i) + "]";
    EXPECT_EQ(reader.read(text).value().at_pointer("/0").integer(), i);
    EXPECT_FALSE(reader.read(R"({"a":1,"a":2})"));
  }
}

TEST(ReaderTest, SaysWhereATextStopsBeingJson) {
  EXPECT_THAT(refusal("{\"a\": 1,\n  \"b\" 2}"), HasSubstr("line 2, column 7"));
  EXPECT_THAT(refusal("{\"a\": [1, 2,]}"), HasSubstr("A comma stands before the closing bracket"));
  EXPECT_THAT(refusal(""), HasSubstr("not JSON: line 1, column 1: The document is empty."));
  EXPECT_THAT(refusal("[1] 2"), HasSubstr("line 1, column 5"));
  EXPECT_THAT(refusal(std::string_view("[1]\0", 4)), HasSubstr("NUL"));
  EXPECT_THAT(refusal("[\"\xff\"]"), HasSubstr("(malformed)"));
}

TEST(ReaderTest, RefusesHalfCharacters) {
  EXPECT_THAT(refusal(R"(["\ud800"])"), HasSubstr("malformed"));
  EXPECT_THAT(refusal(R"(["\udc00"])"), HasSubstr("malformed"));
  EXPECT_THAT(refusal("[\"\xed\xa0\x80\"]"), HasSubstr("malformed"));
  EXPECT_EQ(refusal(R"(["\ud83d\ude00"])"), "accepted");
}

TEST(ReaderTest, RefusesNumbersThatNobodyHoldsExactly) { // valid JSON, refused on purpose: see reader.hpp
  EXPECT_EQ(refusal("[18446744073709551615, -9223372036854775808, 1e308]"), "accepted");
  for (const char* text : {"[18446744073709551616]", "[-9223372036854775809]", "[1e400]", "[-1e400]"}) {
    EXPECT_THAT(refusal(text),
                HasSubstr("A number is larger than 64 bits or a double hold; send it as a string. (malformed)"));
  }
}

TEST(ReaderTest, RefusesMoreBytesThanAllowed) {
  EXPECT_EQ(refusal("[12345]", {.bytes = 7}), "accepted");
  EXPECT_EQ(refusal("[123456]", {.bytes = 7}), "more than 7 bytes of JSON (too_large)");
}

TEST(ReaderTest, ReadsLargeTextsUpToItsLimit) {
  const std::string text = "[\"" + std::string((1 << 20) - 4, 'x') + "\"]";
  Reader reader;
  EXPECT_EQ(reader.read(text).value().at_pointer("/0").string()->size(), text.size() - 4);
  EXPECT_FALSE(reader.read(text + " "));
}

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(ReaderTest, RefusesMoreDepthThanAllowed) {
  EXPECT_EQ(refusal(nested(64, "[", "]")), "accepted");
  EXPECT_EQ(refusal(nested(65, "[", "]")), "nested deeper than 64 levels (malformed)");
  EXPECT_EQ(refusal(nested(64, "{\"a\":", "}")), "accepted");
  EXPECT_EQ(refusal(nested(65, "{\"a\":", "}")), "nested deeper than 64 levels (malformed)");
  EXPECT_EQ(refusal(nested(2, "[", "]"), {.depth = 1}), "nested deeper than 1 levels (malformed)");
  EXPECT_EQ(refusal(nested(200'000, "[", "]")), "nested deeper than 64 levels (malformed)");
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), HasSubstr("malformed"));
}

TEST(ReaderTest, RefusesMoreMembersThanAllowed) {
  EXPECT_EQ(refusal("[1,2,{\"a\":3}]", {.members = 4}), "accepted");
  EXPECT_EQ(refusal("[1,2,{\"a\":3}]", {.members = 3}), "more than 3 members and elements (too_large)");
}

TEST(DuplicateKeyTest, IsNamedWithItsObject) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), R"(duplicate key "a" in the object at "" (malformed))");
  EXPECT_EQ(refusal(R"({"s":[0,{"x/y":{"k":{},"k":[]}}]})"),
            R"(duplicate key "k" in the object at "/s/1/x~1y" (malformed))");
  EXPECT_EQ(refusal(R"([[],{"":1,"":2}])"), R"(duplicate key "" in the object at "/1" (malformed))");
}

TEST(DuplicateKeyTest, IsFoundAfterUnescaping) {
  EXPECT_THAT(refusal(R"({"a":1,"\u0061":2})"), HasSubstr("duplicate key \"a\""));
  EXPECT_THAT(refusal(R"({"😀":1,"\ud83d\ude00":2})"), HasSubstr("duplicate key"));
}

TEST(DuplicateKeyTest, IsOnlyWithinOneObject) {
  EXPECT_EQ(refusal(R"({"a":{"a":[{"a":1},{"a":1}]},"b":{"a":1}})"), "accepted");
  EXPECT_EQ(refusal(R"({"a":1,"A":2,"a ":3,"\u00e9":4,"e\u0301":5})"), "accepted");
  EXPECT_THAT(refusal(R"({"a":{"b":1},"c":{"b":1},"a":2})"), HasSubstr("duplicate key \"a\""));
}

TEST(DuplicateKeyTest, IsShownShortAndEscaped) {
  const std::string key = std::string(100, 'k') + "\\n";
  EXPECT_THAT(refusal("{\"" + key + "\":1,\"" + key + "\":2}"),
              HasSubstr("duplicate key \"" + std::string(64, 'k') + "\"… in"));
  EXPECT_THAT(refusal(R"({"\n":1,"\n":2})"), HasSubstr(R"(duplicate key "\n")"));
}

class ManyKeysTest : public testing::TestWithParam<int> {};

TEST_P(ManyKeysTest, EveryPairIsCompared) {
  const int count = GetParam();
  for (int twin = 0; twin < count; twin += std::max(1, count / 7)) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) text += "\"key" + std::to_string(i) + "\":{\"inner\":[]},";
    const std::string plain = text + "\"last\":0}";
    EXPECT_EQ(refusal(plain), "accepted") << count;
    const std::string doubled = text + "\"key" + std::to_string(twin) + "\":0}";
    EXPECT_THAT(refusal(doubled), HasSubstr("duplicate key \"key" + std::to_string(twin) + "\"")) << count;
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, ManyKeysTest, testing::Values(1, 2, 11, 12, 13, 40, 300, 5000));

} // namespace
} // namespace plugboard::json
