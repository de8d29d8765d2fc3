#include "core/json/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view text) {
  const auto schema = Schema::compile(text);
  return schema ? "accepted" : schema.error().message;
}

class NotEnforcedTest : public testing::TestWithParam<const char*> {};

TEST_P(NotEnforcedTest, IsRefused) {
  const std::string keyword = GetParam();
  EXPECT_THAT(refusal("{\"properties\":{\"a\":{\"" + keyword + "\":{}}}}"),
              HasSubstr("/properties/a/" + keyword + ": this keyword is not enforced here"));
}

INSTANTIATE_TEST_SUITE_P(Keywords, NotEnforcedTest,
                         testing::Values("unevaluatedProperties", "unevaluatedItems", "prefixItems", "dependentSchemas",
                                         "dependentRequired", "$dynamicRef", "$dynamicAnchor", "$anchor", "minContains",
                                         "maxContains", "contentEncoding", "$vocabulary", "additionalItems",
                                         "dependencies", "definitions", "$recursiveRef", "id", "divisibleBy",
                                         "multipleOf"));

TEST(SchemaLintTest, SuggestsTheKeywordThatWasMeant) {
  EXPECT_THAT(refusal(R"({"propertes":{}})"), HasSubstr("did you mean \"properties\"?"));
}

TEST(SchemaLintTest, KnowsItsDialect) {
  EXPECT_EQ(refusal(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})"), "accepted");
  EXPECT_THAT(refusal(R"({"$schema":"http://json-schema.org/draft-07/schema#"})"),
              HasSubstr("/$schema: must be https://"));
}

TEST(SchemaLintTest, LetsAnnotationsBe) {
  EXPECT_EQ(
      refusal(
          R"({"title":"t","description":"d","$comment":"c","default":1,"examples":[1],"deprecated":true,"x-secret":{"any":1}})"),
      "accepted");
  EXPECT_EQ(refusal(R"({"properties":{"a":{"$ref":"#/$defs/x","description":"d","default":1}},"$defs":{"x":true}})"),
            "accepted");
}

TEST(SchemaLintTest, PropertiesMayBeCalledLikeKeywords) {
  EXPECT_EQ(
      refusal(
          R"({"properties":{"$ref":{"type":"string"},"unevaluatedProperties":true,"type":{}},"const":{"prefixItems":1}})"),
      "accepted");
}

TEST(SchemaLintTest, HoldsKeywordsToTheirTypes) {
  for (const char* bad : {R"({"type":"text"})",
                          R"({"type":[]})",
                          R"({"type":1})",
                          R"({"required":["a",1]})",
                          R"({"required":"a"})",
                          R"({"enum":[]})",
                          R"({"enum":"a"})",
                          R"({"minLength":-1})",
                          R"({"minLength":1.5})",
                          R"({"minimum":"1"})",
                          R"({"uniqueItems":1})",
                          R"({"pattern":1})",
                          R"({"pattern":"("})",
                          R"({"patternProperties":{"[":{}}})",
                          R"({"type":"string","format":"uri"})",
                          R"({"items":[{}]})",
                          R"({"anyOf":[]})",
                          R"({"anyOf":{}})",
                          R"({"not":1})",
                          R"({"properties":[]})",
                          R"({"properties":{"a":1}})",
                          R"({"then":{}})",
                          R"({"additionalProperties":"no"})",
                          R"({"items":{"$defs":{}}})",
                          R"({"title":1})",
                          "[]",
                          "1",
                          "\"x\""}) {
    EXPECT_NE(refusal(bad), "accepted") << bad;
  }
  EXPECT_EQ(refusal("true"), "accepted");
}

TEST(SchemaLintTest, ReferencesLeadSomewhere) {
  EXPECT_THAT(refusal(R"({"$ref":"#/$defs/x","$defs":{"y":{}}})"),
              HasSubstr("/$ref: must name a schema that is there"));
  for (const char* bad : {"#", "#/properties/a", "other.json", "#/$defs/", "#/$defs/y/z", "#/$defs/y%20",
                          "https://x.example/#/$defs/y"}) {
    EXPECT_NE(refusal(R"({"$ref":")" + std::string(bad) + R"(","$defs":{"y":{}},"properties":{"a":{}}})"), "accepted")
        << bad;
  }
  EXPECT_THAT(refusal(R"({"$ref":"#/$defs/y","minimum":1,"$defs":{"y":{}}})"),
              HasSubstr("/minimum: stands beside $ref"));
}

TEST(SchemaLintTest, ReferencesDoNotGoRoundInPlace) {
  EXPECT_THAT(refusal(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}})"),
              HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal(R"({"$defs":{"a":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}}})"),
              HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal(R"({"$defs":{"a":{"not":{"$ref":"#/$defs/a"}}}})"), HasSubstr("leads back to itself"));
  EXPECT_EQ(refusal(R"({"$defs":{"a":{"items":{"$ref":"#/$defs/a"}}},"$ref":"#/$defs/a"})"), "accepted");
}

TEST(SchemaLintTest, TextThatIsNoJsonIsSaidWithItsPlace) {
  EXPECT_THAT(refusal("{\"type\":"), HasSubstr("line 1, column 9"));
  EXPECT_THAT(refusal(R"({"type":"string","type":"null"})"), HasSubstr("/type: stands twice"));
}

} // namespace
} // namespace plugboard::json
