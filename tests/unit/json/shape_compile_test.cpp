#include "core/json/shape.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string refusal(std::string_view body) {
  const auto shape = Shape::compile(R"({"$id":"x/v1",)" + std::string(body) + "}");
  return shape ? "accepted" : to_string(shape.error());
}

TEST(ShapeCompileTest, TakesNameAndRows) {
  const Shape shape =
      Shape::compile(R"({"$id":"orders/v1","x-rows":"/orders","properties":{"orders":{"type":"array"}}})").value();
  EXPECT_EQ(shape.name(), "orders/v1");
  EXPECT_EQ(shape.rows(), "/orders");
  EXPECT_EQ(Shape::compile(R"({"$id":"contact/v1"})").value().rows(), "");
}

TEST(ShapeCompileTest, NeedsAName) {
  EXPECT_THAT(Shape::compile("{}").error().message, HasSubstr("needs its name as $id"));
  EXPECT_THAT(Shape::compile(R"({"$id":1})").error().message, HasSubstr("needs its name as $id"));
}

TEST(ShapeCompileTest, RowsAreAnArrayOfTheShape) {
  for (const char* bad : {R"("orders")", R"("/none")", R"("/name")", R"("")", "1"}) {
    EXPECT_THAT(refusal(R"("x-rows":)" + std::string(bad) +
                        R"(,"properties":{"name":{"type":"string"},"orders":{"type":"array"}})"),
                HasSubstr("/x-rows: must be the JSON Pointer of an array"))
        << bad;
  }
  EXPECT_THAT(refusal(R"("properties":{"orders":{"type":"array","x-rows":"/orders"}})"),
              HasSubstr("stands in the root only"));
}

TEST(ShapeCompileTest, ListsUntrustedTextWithItsPlaces) {
  const Shape shape = Shape::compile(R"({"$id":"t/v1","properties":{
      "subject":{"type":"string","x-untrusted":true},"id":{"type":"string","x-untrusted":false},
      "tags":{"type":"array","items":{"type":"string","x-untrusted":true}},
      "from":{"$ref":"#/$defs/person"},"people":{"type":"array","items":{"$ref":"#/$defs/person"}},
      "own":{"$ref":"#/$defs/id","x-untrusted":true},
      "extra":{"type":"object","additionalProperties":{"type":"string","x-untrusted":true}},
      "gone":{"type":"string","x-untrusted":true,"x-never":true},
      "a/b":{"type":"string","x-untrusted":true}},
      "$defs":{"id":{"type":"string"},"person":{"type":"object","properties":{"name":{"type":"string","x-untrusted":true}}}}})")
                          .value();
  EXPECT_THAT(shape.untrusted(),
              ElementsAre("/subject", "/tags/*", "/from/name", "/people/*/name", "/own", "/extra/*", "/a~1b"));
}

TEST(ShapeCompileTest, UntrustedTextAtAnyDepthIsRefused) {
  EXPECT_THAT(
      refusal(
          R"("$defs":{"n":{"type":"object","properties":{"t":{"type":"string","x-untrusted":true},"n":{"$ref":"#/$defs/n"}}}},
                          "properties":{"n":{"$ref":"#/$defs/n"}})"),
      HasSubstr("contains itself"));
  EXPECT_EQ(refusal(R"("$defs":{"n":{"type":"object","properties":{"t":{"type":"string"},"n":{"$ref":"#/$defs/n"}}}},
                        "properties":{"n":{"$ref":"#/$defs/n"}})"),
            "accepted");
}

TEST(ShapeCompileTest, RefusesKeywordsItDoesNotEnforce) {
  for (const char* keyword : {"pattern", "anyOf", "oneOf", "allOf", "not", "if", "patternProperties", "propertyNames",
                              "minItems", "uniqueItems", "exclusiveMinimum", "multipleOf", "contains",
                              "unevaluatedProperties", "prefixItems", "x-clasification"}) {
    EXPECT_THAT(refusal(R"("properties":{"a":{")" + std::string(keyword) + R"(":true}})"),
                HasSubstr("shape x/v1: /properties/a/" + std::string(keyword) + ": this keyword is not enforced"))
        << keyword;
  }
}

TEST(ShapeCompileTest, HoldsKeywordsToTheirTypes) {
  for (const char* bad : {R"("type":"text")",
                          R"("type":[1])",
                          R"("enum":[])",
                          R"("enum":[[1]])",
                          R"("const":{})",
                          R"("minimum":"1")",
                          R"("maxLength":-1)",
                          R"("format":"uri")",
                          R"("items":[])",
                          R"("items":false)",
                          R"("properties":[])",
                          R"("properties":{"a":1})",
                          R"("required":"a")",
                          R"("additionalProperties":1)",
                          R"("$ref":"#/$defs/none")",
                          R"("x-never":1)",
                          R"("x-untrusted":"yes")",
                          R"("x-classification":"secret")",
                          R"("$ref":"#/$defs/a","type":"string","$defs":{"a":{}})",
                          R"("$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}})"}) {
    EXPECT_NE(refusal(bad), "accepted") << bad;
  }
  EXPECT_EQ(refusal(R"("x-classification":"freetext","properties":{"a":true,"b":{"x-classification":"payment"}})"),
            "accepted");
}

TEST(ShapeCompileTest, WhatIsRequiredMustBeLetThrough) {
  EXPECT_THAT(refusal(R"("properties":{"a":{}},"required":["b"])"), HasSubstr("\"b\" is always cut out"));
  EXPECT_THAT(refusal(R"("properties":{"a":{"x-never":true}},"required":["a"])"), HasSubstr("\"a\" is always cut out"));
}

TEST(ShapeCompileTest, WhatIsAlwaysCutOutIsAMember) {
  for (const auto* nothing_cuts : {R"("x-never":true)", R"("properties":{"a":{"items":{"x-never":true}}})",
                                   R"("items":{"$ref":"#/$defs/a","x-never":true},"$defs":{"a":{}})",
                                   R"("items":{"$ref":"#/$defs/a"},"$defs":{"a":{"x-never":true}})"})
    EXPECT_THAT(refusal(nothing_cuts), HasSubstr("at a member only")) << nothing_cuts;
}

TEST(ShapesTest, AreFoundByName) {
  const auto shapes = compile_shapes({R"({"$id":"a/v1"})", R"({"$id":"b/v1"})"}).value();
  EXPECT_EQ(shapes.size(), 2U);
  EXPECT_EQ(shapes.find(std::string_view("b/v1"))->second->name(), "b/v1");
  EXPECT_THAT(compile_shapes({}).value(), IsEmpty());
}

TEST(ShapesTest, NoTwoShareAName) {
  EXPECT_THAT(compile_shapes({R"({"$id":"a/v1"})", R"({"$id":"a/v1"})"}).error().message,
              HasSubstr("two shapes are called \"a/v1\""));
  EXPECT_EQ(compile_shapes({R"({"$id":"a/v1"})", "{"}).error().code, Code::malformed);
}

} // namespace
} // namespace plugboard::json
