#include "core/connector/echo.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

const std::vector<Identifier> kAsked{{"customer_id", "42", true, "crm"}, {"email", "Ada@b.example", true, "login"}};

std::optional<std::string> wrong(const char* text, std::vector<Echo> echo, std::vector<Identifier> asked = kAsked) {
  json::Reader reader;
  return find_wrong_customer(reader.read(text).value(), echo, asked);
}

TEST(EchoTest, TheSameValuePasses) {
  EXPECT_FALSE(wrong(R"({"id": "42"})", {{"/id", "customer_id"}}));
  EXPECT_FALSE(wrong(R"({"a": {"b~c": "42"}})", {{"/a/b~0c", "customer_id"}}));
}

TEST(EchoTest, AnotherValueIsAnotherCustomer) {
  EXPECT_EQ(wrong(R"({"id": "43"})", {{"/id", "customer_id"}}), "/id");
  EXPECT_EQ(wrong(R"({"id": "420"})", {{"/id", "customer_id"}}), "/id");
}

TEST(EchoTest, WholeNumbersAreComparedByTheirDecimalText) {
  EXPECT_FALSE(wrong(R"({"id": 42})", {{"/id", "customer_id"}}));
  EXPECT_TRUE(wrong(R"({"id": 42.0})", {{"/id", "customer_id"}}));
  EXPECT_FALSE(wrong(R"({"id": 18446744073709551615})", {{"/id", "customer_id"}},
                     {{"customer_id", "18446744073709551615", true, ""}}));
}

TEST(EchoTest, WhatIsNotThereNamesNobody) {
  EXPECT_EQ(wrong(R"({})", {{"/id", "customer_id"}}), "/id");
  EXPECT_EQ(wrong(R"({"id": null})", {{"/id", "customer_id"}}), "/id");
  EXPECT_EQ(wrong(R"({"id": {"x": "42"}})", {{"/id", "customer_id"}}), "/id");
}

TEST(EchoTest, AStarMeansEveryElementAndAnEmptyArrayHasNone) {
  const std::vector<Echo> echo{{"/orders/*/customer", "customer_id"}};
  EXPECT_FALSE(wrong(R"({"orders": [{"customer": "42"}, {"customer": 42}]})", echo));
  EXPECT_TRUE(wrong(R"({"orders": [{"customer": "42"}, {"customer": "7"}]})", echo));
  EXPECT_TRUE(wrong(R"({"orders": [{"customer": "42"}, {}]})", echo));
  EXPECT_FALSE(wrong(R"({"orders": []})", echo));
  EXPECT_TRUE(wrong(R"({})", echo));
}

TEST(EchoTest, AnIndexMeansThatElement) {
  EXPECT_FALSE(wrong(R"({"ids": ["7", "42"]})", {{"/ids/1", "customer_id"}}));
  EXPECT_TRUE(wrong(R"({"ids": ["7", "42"]})", {{"/ids/0", "customer_id"}}));
  EXPECT_TRUE(wrong(R"({"ids": ["7", "42"]})", {{"/ids/2", "customer_id"}}));
}

TEST(EchoTest, IgnoresCaseWhereTheTypeDoes) {
  EXPECT_FALSE(wrong(R"({"mail": "ada@B.example"})", {{"/mail", "email", true}}));
  EXPECT_TRUE(wrong(R"({"mail": "ada@B.example"})", {{"/mail", "email", false}}));
}

TEST(EchoTest, AnyOfSeveralValuesAskedWithWillDo) {
  const std::vector<Identifier> two{{"customer_id", "1", true, ""}, {"customer_id", "2", true, ""}};
  EXPECT_FALSE(wrong(R"({"id": "2"})", {{"/id", "customer_id"}}, two));
}

TEST(EchoTest, WhatWasNotAskedWithNeedNotStandThere) {
  EXPECT_FALSE(wrong(R"({})", {{"/phone", "phone"}}));
}

} // namespace
} // namespace plugboard::connector
