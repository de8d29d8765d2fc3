#include "plugins/jwt/strict_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jwt {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

std::optional<std::string> fault_of(std::string_view text) {
  Document document;
  return read_json_object(text, document);
}

TEST(StrictJsonTest, ReadsAnObject) {
  Document document;
  ASSERT_EQ(read_json_object(R"( {"a": [1, 2.5, {"b": "\u00e4\ud83d\ude00"}], "c": null} )", document), std::nullopt);
  EXPECT_EQ(text_member((*member(document, "a"))[2], "b"), "ä😀");
  EXPECT_TRUE(member(document, "c")->IsNull());
  EXPECT_EQ(member(document, "d"), nullptr);
}

TEST(StrictJsonTest, RefusesANameTwiceInOneObjectAtAnyDepth) {
  EXPECT_THAT(fault_of(R"({"a":1,"b":2,"a":1})"), Optional(HasSubstr("twice")));
  EXPECT_THAT(fault_of(R"({"x":[{"a":1,"\u0061":2}]})"), Optional(HasSubstr("twice")));
  EXPECT_EQ(fault_of(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})"), std::nullopt);
}

TEST(StrictJsonTest, RefusesWhatTwoReadersCouldReadDifferently) {
  EXPECT_NE(fault_of(std::string("{}\0{}", 5)), std::nullopt) << "NUL";
  EXPECT_NE(fault_of(R"({"a":"\udc00"})"), std::nullopt) << "lone low surrogate";
  EXPECT_NE(fault_of(R"({"\udc00":1})"), std::nullopt) << "lone low surrogate in a name";
  EXPECT_NE(fault_of(R"({"a":"\ud800"})"), std::nullopt) << "lone high surrogate";
  EXPECT_NE(fault_of("{\"a\":\"\xff\"}"), std::nullopt) << "no UTF-8";
  EXPECT_NE(fault_of("{\"a\":\"\xed\xa0\x80\"}"), std::nullopt) << "surrogate as bytes";
  EXPECT_NE(fault_of(R"({"a":1e400})"), std::nullopt) << "no finite number";
  EXPECT_NE(fault_of(R"({"a":NaN})"), std::nullopt);
  EXPECT_NE(fault_of(R"({"a":1}x)"), std::nullopt);
  EXPECT_NE(fault_of(R"({"a":1,})"), std::nullopt);
  EXPECT_NE(fault_of(R"({/**/"a":1})"), std::nullopt);
}

TEST(StrictJsonTest, RefusesAllButObjects) {
  for (auto text : {"", "null", "[]", "\"a\"", "1"}) EXPECT_NE(fault_of(text), std::nullopt) << text;
}

TEST(StrictJsonTest, BoundsTheDepth) {
  auto nested = [](int depth) {
    std::string text = "{\"a\":";
    for (int i = 1; i < depth; ++i) text += "[";
    for (int i = 1; i < depth; ++i) text += "]";
    return depth == 1 ? std::string("{}") : text + "}";
  };
  EXPECT_EQ(fault_of(nested(kMaxJsonDepth)), std::nullopt);
  EXPECT_THAT(fault_of(nested(kMaxJsonDepth + 1)), Optional(HasSubstr("too deeply")));
  EXPECT_THAT(fault_of("{\"a\":" + std::string(200'000, '[')), Optional(HasSubstr("too deeply")));
}

TEST(StrictJsonTest, QuotesStrangersTextsSafely) {
  EXPECT_EQ(in_quotes("https://a.example"), "\"https://a.example\"");
  EXPECT_EQ(in_quotes("a\"b\\c\nd\x1b[31m"), R"("a\x22b\x5cc\x0ad\x1b[31m")");
  EXPECT_EQ(in_quotes("ä"), R"("\xc3\xa4")");
  EXPECT_EQ(in_quotes(std::string(1000, 'a')), "\"" + std::string(80, 'a') + "\"...");
}

} // namespace
} // namespace jwt
