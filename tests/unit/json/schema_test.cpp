#include "core/json/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> faults(std::string_view schema_text, std::string_view text, std::string_view at = "") {
  const auto schema = Schema::compile(schema_text);
  if (!schema) return {"schema refused: " + schema.error().message};
  const Document document = read_document(text, true);
  EXPECT_THAT(document.faults, IsEmpty()) << text;
  std::vector<std::string> lines;
  for (const Fault& fault : schema->check(document.tree, at)) lines.push_back(fault.pointer + ": " + fault.message);
  return lines;
}

constexpr std::string_view kConfig = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://plugboard.example/config.json",
  "type": "object", "required": ["agents", "connectors"], "additionalProperties": false,
  "properties": {
    "agents": {"type": "object", "required": ["listen"], "additionalProperties": false, "properties": {"listen": {"type": "string"}, "tls": {"type": "object"}}},
    "purposes": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": true},
    "key": {"$ref": "#/$defs/secret"},
    "connectors": {"type": "object", "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,31}$"}, "additionalProperties": {"$ref": "#/$defs/connector"}}
  },
  "$defs": {
    "connector": {
      "type": "object", "required": ["plugin", "isolation"], "additionalProperties": false,
      "properties": {"plugin": {"type": "string"}, "isolation": {"enum": ["in_process", "worker", "require"]},
                     "timeout_ms": {"type": "integer", "minimum": 1, "maximum": 30000}, "config": true}
    },
    "secret": {"oneOf": [
      {"type": "object", "required": ["env"], "additionalProperties": false, "properties": {"env": {"type": "string"}}},
      {"type": "object", "required": ["file"], "additionalProperties": false, "properties": {"file": {"type": "string"}}}]}
  }})";

std::string config(std::string_view connector, std::string_view more = "") {
  return R"({"agents": {"listen": "127.0.0.1:0"}, "connectors": {"crm": )" + std::string(connector) + "}" +
         std::string(more) + "}";
}

TEST(SchemaTest, PassesWhatFits) {
  EXPECT_THAT(
      faults(kConfig, config(R"({"plugin":"sql","isolation":"in_process","timeout_ms":300,"config":{"x":[1]}})")),
      IsEmpty());
  EXPECT_THAT(
      faults(kConfig, config(R"({"plugin":"sql","isolation":"worker"})", R"(,"key":{"env":"K"},"purposes":["a","b"])")),
      IsEmpty());
}

TEST(SchemaTest, ReportsEveryFaultOfANewcomerAtOnce) {
  EXPECT_THAT(
      faults(kConfig, R"({"agents":{"lisen":"x"},"conectors":{},"purposes":["", 3, "x", "x"],
                          "connectors":{"CRM":{"plugin":1,"isolation":"inprocess","timeout_ms":0}}})"),
      UnorderedElementsAre(
          R"(/agents: required member "listen" is missing)",
          R"(/agents/lisen: unknown member "lisen"; did you mean "listen"?)",
          R"(/conectors: unknown member "conectors"; did you mean "connectors"?)", R"(/purposes/0: must not be empty)",
          R"(/purposes/1: must be a string)", R"(/purposes/3: is the same as element 2)",
          R"(/connectors/CRM: the name "CRM" must match the pattern ^[a-z][a-z0-9_]{0,31}$)",
          R"(/connectors/CRM/plugin: must be a string)",
          R"(/connectors/CRM/isolation: must be one of "in_process", "worker" or "require"; did you mean "in_process"?)",
          R"(/connectors/CRM/timeout_ms: must be at least 1)"));
}

TEST(SchemaTest, PointersStartWhereTheValueStands) {
  EXPECT_THAT(faults(R"({"properties":{"a/b":{"type":"integer"}}})", R"({"a/b":"x"})", "/connectors/crm/config"),
              ElementsAre("/connectors/crm/config/a~1b: must be an integer"));
}

TEST(SchemaTest, WrongTypesAreSaidInWords) {
  const auto type = [](std::string_view name) { return faults(R"({"type":)" + std::string(name) + "}", R"({"x":1})"); };
  EXPECT_THAT(type(R"("string")"), ElementsAre(": must be a string"));
  EXPECT_THAT(type(R"("array")"), ElementsAre(": must be an array"));
  EXPECT_THAT(type(R"("boolean")"), ElementsAre(": must be true or false"));
  EXPECT_THAT(type(R"(["string","integer","null"])"), ElementsAre(": must be a string, an integer or null"));
  EXPECT_THAT(faults(R"({"type":"object"})", "[]"), ElementsAre(": must be an object"));
}

TEST(SchemaTest, OneOfPicksTheFormThatWasMeant) {
  const auto key = [](std::string_view value) {
    return faults(kConfig, config(R"({"plugin":"sql","isolation":"worker"})", R"(,"key":)" + std::string(value)));
  };
  EXPECT_THAT(key(R"({"env":1})"), ElementsAre("/key/env: must be a string"));
  EXPECT_THAT(key(R"("secret")"), ElementsAre("/key: must be an object"));
  EXPECT_THAT(key(R"({})"), ElementsAre(R"(/key: one of these members is required: "env" or "file")"));
}

TEST(SchemaTest, OneOfSaysWhenSeveralFit) {
  constexpr std::string_view kSchema = R"({"oneOf":[{"required":["env"]},{"required":["file"]}]})";
  EXPECT_THAT(faults(kSchema, R"({"env":1,"file":2})"),
              ElementsAre(R"(: only one of these members may be there: "env" or "file")"));
  EXPECT_THAT(faults(R"({"oneOf":[{"type":"integer"},{"minimum":3}]})", "5"),
              ElementsAre(": fits several of the forms allowed here, of which it must fit exactly one"));
}

TEST(SchemaTest, AnyOfJoinsTypesAndMissingMembers) {
  EXPECT_THAT(faults(R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]})", "3"),
              ElementsAre(": must be a string or an array"));
  EXPECT_THAT(faults(R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]})", R"(["a",3])"),
              ElementsAre("/1: must be a string"));
  EXPECT_THAT(faults(R"({"anyOf":[{"required":["a","b"]},{"required":["c"]}]})", "{}"),
              ElementsAre(R"(: one of these members is required: "a" with "b" or "c")"));
}

TEST(SchemaTest, AnyOfPicksTheBranchWhoseConstantFits) {
  constexpr std::string_view kSchema = R"({"anyOf":[
      {"properties":{"kind":{"const":"sqlite"},"file":{"type":"string"}},"required":["kind","file"]},
      {"properties":{"kind":{"const":"postgres"},"host":{"type":"string"}},"required":["kind","host"]}]})";
  EXPECT_THAT(faults(kSchema, R"({"kind":"postgres"})"), ElementsAre(R"(: required member "host" is missing)"));
}

TEST(SchemaTest, AnyOfNamesTheFormsWhereNoneIsClose) {
  EXPECT_THAT(
      faults(R"({"type":"string","anyOf":[{"pattern":"^https:"},{"minLength":40}]})", R"("ftp")"),
      ElementsAre(
          ": fits none of the forms allowed here: must match the pattern ^https: or must have at least 40 characters"));
}

TEST(SchemaTest, EveryKeywordHasWords) {
  EXPECT_THAT(faults(R"({"maximum":5})", "6"), ElementsAre(": must be at most 5"));
  EXPECT_THAT(faults(R"({"exclusiveMinimum":5})", "5"), ElementsAre(": must be more than 5"));
  EXPECT_THAT(faults(R"({"exclusiveMaximum":5.5})", "5.5"), ElementsAre(": must be less than 5.5"));
  EXPECT_THAT(faults(R"({"maxLength":1})", R"("éé")"), ElementsAre(": must have at most 1 character"));
  EXPECT_THAT(faults(R"({"minItems":2})", "[1]"), ElementsAre(": must have at least 2 elements"));
  EXPECT_THAT(faults(R"({"maxItems":1})", "[1,2]"), ElementsAre(": must have at most 1 element"));
  EXPECT_THAT(faults(R"({"minProperties":1})", "{}"), ElementsAre(": must have at least 1 member"));
  EXPECT_THAT(faults(R"({"maxProperties":0})", R"({"a":1})"), ElementsAre(": must have at most 0 members"));
  EXPECT_THAT(faults(R"({"const":"v1"})", R"("v2")"), ElementsAre(R"(: must be "v1")"));
  EXPECT_THAT(faults(R"({"contains":{"const":1}})", "[2]"), ElementsAre(": lacks an element that must be among them"));
  EXPECT_THAT(faults(R"({"not":{"title":"a wildcard","const":"*"}})", R"("*")"),
              ElementsAre(": must not be a wildcard"));
  EXPECT_THAT(faults(R"({"properties":{"a":false}})", R"({"a":1})"), ElementsAre("/a: must not be here"));
  EXPECT_THAT(faults(R"({"patternProperties":{"^x":{"type":"null"}}})", R"({"xy":1})"),
              ElementsAre("/xy: must be null"));
  EXPECT_THAT(faults(R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", R"({"a":1})"),
              ElementsAre(R"(: required member "b" is missing)"));
  EXPECT_THAT(faults(R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})", "{}"),
              ElementsAre(R"(: required member "c" is missing)"));
}

TEST(SchemaTest, FormatsAreEnforced) {
  EXPECT_THAT(faults(R"({"type":"string","format":"date-time"})", R"("yesterday")"),
              ElementsAre(": must be a time such as 2026-11-22T04:31:15Z (RFC 3339)"));
  EXPECT_THAT(faults(R"({"type":"string","format":"date"})", R"("2026-02-31")"),
              ElementsAre(": must be a date such as 2026-11-22"));
  EXPECT_THAT(faults(R"({"type":"string","format":"time"})", R"("25:00:00Z")"),
              ElementsAre(": must be a time of day such as 04:31:15Z"));
  EXPECT_THAT(faults(R"({"type":"string","format":"date-time"})", R"("2026-11-22T04:31:15+01:00")"), IsEmpty());
}

TEST(SchemaTest, FormatsMeetOtherTypesUnharmed) {
  EXPECT_THAT(faults(R"({"format":"date"})", "[1]"), IsEmpty());
  EXPECT_THAT(faults(R"({"type":"string","format":"date"})", "null"), ElementsAre(": must be a string"));
  EXPECT_THAT(faults(R"({"properties":{"format":{"type":"null"}}})", R"({"format":1})"),
              ElementsAre("/format: must be null"));
}

TEST(SchemaTest, ASchemaMayContainItself) {
  constexpr std::string_view kTree =
      R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"},"n":{"type":"integer"}}}}})";
  EXPECT_THAT(faults(kTree, R"({"next":{"next":{"n":1}}})"), IsEmpty());
  EXPECT_THAT(faults(kTree, R"({"next":{"next":{"n":"x"}}})"), ElementsAre("/next/next/n: must be an integer"));
}

TEST(SchemaTest, FaultsAreSaidOnce) {
  EXPECT_THAT(faults(R"({"allOf":[{"required":["a"]},{"required":["a"]}]})", "{}"),
              ElementsAre(R"(: required member "a" is missing)"));
}

} // namespace
} // namespace plugboard::json
