#include "core/json/shape.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

// What comes out: the text itself when nothing was cut, else what is left, else the error.
std::string through(std::string_view body, std::string_view text) {
  const Shape shape = Shape::compile(R"({"$id":"x/v1",)" + std::string(body) + "}").value();
  Reader reader;
  const auto checked = shape.check(reader.read(text).value());
  if (!checked) {
    EXPECT_EQ(checked.error().code, Code::malformed);
    return checked.error().message;
  }
  EXPECT_EQ(checked->whole, checked->dropped == 0);
  EXPECT_EQ(checked->whole, checked->cut.empty());
  return checked->whole ? std::string(text) : checked->cut;
}

constexpr std::string_view kOrders = R"(
  "type":"object","required":["orders"],"properties":{
    "orders":{"type":"array","maxItems":3,"items":{"type":"object","required":["id"],"properties":{
      "id":{"type":"string","minLength":1},"total":{"$ref":"#/$defs/money"},"card":{"type":"object","properties":{"last4":{"type":"string"},"cvv":{"x-never":true}}},
      "status":{"enum":["open","shipped",null,3]},"placed_at":{"type":"string","format":"date-time"}}}}},
  "$defs":{"money":{"type":"object","required":["amount_minor","currency"],"properties":{"amount_minor":{"type":"integer"},"currency":{"type":"string","minLength":3,"maxLength":3}}}})";

TEST(ShapeTest, LetsThroughWholeWhatItKnows) {
  const std::string text =
      R"({ "orders" : [ {"id":"1","total":{"amount_minor":129900,"currency":"SEK"},"status":"open","placed_at":"2026-11-22T04:31:15Z"}, {"id":"2","status":null} ] })";
  EXPECT_EQ(through(kOrders, text), text); // as it came, spaces and all
}

TEST(ShapeTest, CutsWhatItDoesNotKnow) {
  EXPECT_EQ(
      through(
          kOrders,
          R"({"internal":{"deep":[1,{"orders":2}]},"orders":[{"id":"1","margin":0.4,"total":{"amount_minor":-5,"currency":"SEK","tax":1}}],"x":null})"),
      R"({"orders":[{"id":"1","total":{"amount_minor":-5,"currency":"SEK"}}]})");
}

TEST(ShapeTest, CountsWhatItCuts) {
  const Shape shape = Shape::compile(R"({"$id":"x/v1","properties":{"a":{"properties":{}}}})").value();
  Reader reader;
  EXPECT_EQ(shape.check(reader.read(R"({"x":{"y":1,"z":2},"a":{"b":1,"c":2}})").value())->dropped,
            3U); // x with all in it is one
}

TEST(ShapeTest, NeverLetsACvvThrough) {
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1","card":{"cvv":"123","last4":"4242"}}]})"),
            R"({"orders":[{"id":"1","card":{"last4":"4242"}}]})");
  EXPECT_EQ(
      through(
          R"("properties":{"c":{"$ref":"#/$defs/t","x-never":true},"d":{"$ref":"#/$defs/t"}},"$defs":{"t":{"type":"string"}})",
          R"({"c":5,"d":"x"})"),
      R"({"d":"x"})");
  EXPECT_EQ(through(R"("additionalProperties":{"x-never":true},"properties":{"a":{}})", R"({"a":1,"b":2})"),
            R"({"a":1})");
}

TEST(ShapeTest, SaysWhereAValueIsWrong) {
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1"},{"id":"2","total":{"amount_minor":1.5,"currency":"SEK"}}]})"),
            "/orders/1/total/amount_minor: must be an integer");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":7}]})"), "/orders/0/id: must be a string");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"total":null}]})"), "/orders/0/total: must be an object");
  EXPECT_EQ(through(kOrders, R"({"orders":[{}]})"), R"(/orders/0: required member "id" is missing)");
  EXPECT_EQ(through(kOrders, "{}"), R"(required member "orders" is missing)");
  EXPECT_EQ(through(kOrders, "[]"), "must be an object");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1","status":"lost"}]})"),
            "/orders/0/status: is none of the values that the shape lists");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1","placed_at":"2026-11-22"}]})"),
            "/orders/0/placed_at: must be a time with its offset (RFC 3339)");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":""}]})"), "/orders/0/id: must have at least 1 characters");
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1"},{"id":"1"},{"id":"1"},{"id":"1"}]})"),
            "/orders: must have at most 3 elements");
}

TEST(ShapeTest, MessagesNeverShowTheValue) {
  EXPECT_EQ(through(kOrders, R"({"orders":[{"id":"1","status":"4111111111111111"}]})").find("4111"), std::string::npos);
}

TEST(ShapeTest,
     MoneyIsAnIntegerAsWritten) { // 1.0 and 1e2 are integers to JSON Schema; those who read int64 choke on them
  for (const char* bad : {"1.0", "1e2", "\"1\"", "null"}) {
    EXPECT_EQ(through(R"("properties":{"n":{"type":"integer"}})", R"({"n":)" + std::string(bad) + "}"),
              "/n: must be an integer")
        << bad;
  }
  const std::string large = R"({"n":18446744073709551615})";
  EXPECT_EQ(through(R"("properties":{"n":{"type":"integer"}})", large), large);
}

TEST(ShapeTest, ComparesNumbersExactly) {
  constexpr std::string_view kLimits =
      R"("properties":{"n":{"type":"number","minimum":-1,"maximum":9007199254740993}})";
  EXPECT_EQ(through(kLimits, R"({"n":9007199254740993})"), R"({"n":9007199254740993})");
  EXPECT_EQ(through(kLimits, R"({"n":9007199254740994})"), "/n: is above the shape's maximum");
  EXPECT_EQ(through(kLimits, R"({"n":-1.0000001})"), "/n: is below the shape's minimum");
  EXPECT_EQ(through(kLimits, R"({"n":-1e0})"), R"({"n":-1e0})");
}

TEST(ShapeTest, CountsCharactersNotBytes) {
  EXPECT_EQ(through(R"("properties":{"s":{"maxLength":2}})", R"({"s":"東京"})"), R"({"s":"東京"})");
  EXPECT_EQ(through(R"("properties":{"s":{"maxLength":1}})", R"({"s":"東京"})"), "/s: must have at most 1 characters");
}

TEST(ShapeTest, KnowsDatesAndAddresses) {
  constexpr std::string_view kForms = R"("properties":{"d":{"format":"date"},"e":{"format":"email"}})";
  EXPECT_EQ(through(kForms, R"({"d":"2024-02-29","e":"leonekohler@surfeu.de"})"),
            R"({"d":"2024-02-29","e":"leonekohler@surfeu.de"})");
  for (const char* bad : {"2023-02-29", "2024-2-9", "20240229", "2024-02-29T"}) {
    EXPECT_EQ(through(kForms, R"({"d":")" + std::string(bad) + "\"}"), "/d: must be a date (YYYY-MM-DD)") << bad;
  }
  for (const char* bad : {"", "x", "@x", "x@", "a b@c", "a\\n@c"}) {
    EXPECT_EQ(through(kForms, R"({"e":")" + std::string(bad) + "\"}"), "/e: must be an e-mail address") << bad;
  }
}

TEST(ShapeTest, AdditionalPropertiesDecideOverTheUnknown) {
  const std::string text = R"({"a":1,"b":{"c":[2]}})";
  EXPECT_EQ(through(R"("properties":{"a":{}})", text), R"({"a":1})");
  EXPECT_EQ(through(R"("properties":{"a":{}},"additionalProperties":true)", text), text);
  EXPECT_EQ(through(R"("properties":{"a":{}},"additionalProperties":false)", text),
            "/b: is not a member that the shape knows");
  EXPECT_EQ(through(R"("properties":{"a":{}},"additionalProperties":{"type":"object"})", text), text);
  EXPECT_EQ(through(R"("properties":{"a":{}},"additionalProperties":{"type":"string"})", text), "/b: must be a string");
  EXPECT_EQ(through(R"("type":"object")", text), text);
  EXPECT_EQ(through(R"("properties":{})", text), "{}");
}

TEST(ShapeTest, KeepsWhatItWritesAgain) {
  EXPECT_EQ(
      through(R"("properties":{"k":true})",
              R"({"x":0,"k":[null,true,-9223372036854775808,18446744073709551615,0.1,"\"\u2028\u0000é",{"in":{}}]})"),
      R"({"k":[null,true,-9223372036854775808,18446744073709551615,0.1,"\"\u2028\u0000é",{"in":{}}]})");
}

TEST(ShapeTest, CutsInsideAShapeThatContainsItself) {
  constexpr std::string_view kTree =
      R"("$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}}}},"properties":{"n":{"$ref":"#/$defs/n"}})";
  std::string text, cut;
  for (int i = 0; i < 60; ++i) text += R"({"n":)", cut += R"({"n":)";
  text += R"({"x":1})" + std::string(60, '}');
  cut += "{}" + std::string(60, '}');
  EXPECT_EQ(through(kTree, text), cut);
}

TEST(ShapeTest, NoValueIsAnError) {
  EXPECT_FALSE(Shape::compile(R"({"$id":"x/v1"})").value().check(Value()));
}

} // namespace
} // namespace plugboard::json
