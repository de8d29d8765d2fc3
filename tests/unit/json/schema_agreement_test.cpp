// The verdict is valijson's, the words are ours. Where one finds a fault the other must too: else faults would be
// passed over in silence, or a good file get the validator's own raw words.
#include "core/base/random.hpp"
#include "core/json/schema.hpp"
#include "core/json/schema_faults.hpp"
#include "core/json/writer.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

constexpr std::string_view kSchemas[] = {
    R"({"type":["integer","null"]})",
    R"({"type":"number","minimum":0,"exclusiveMaximum":3})",
    R"({"enum":[1,"a",null,[1],{"a":1}]})",
    R"({"const":{"a":1}})",
    R"({"type":"string","minLength":1,"maxLength":2})",
    R"({"pattern":"^[ab]+$"})",
    R"({"format":"date"})",
    R"({"items":{"type":"integer"},"minItems":1,"maxItems":2})",
    R"({"uniqueItems":true})",
    R"({"contains":{"type":"string"}})",
    R"({"required":["a"],"properties":{"a":{"type":"integer"}},"additionalProperties":false})",
    R"({"properties":{"a":{"required":["b"]}},"patternProperties":{"^b":{"type":"string"}},"additionalProperties":{"type":"null"}})",
    R"({"propertyNames":{"maxLength":1},"minProperties":1,"maxProperties":2})",
    R"({"allOf":[{"required":["a"]},{"required":["b"]}]})",
    R"({"anyOf":[{"type":"string"},{"type":"object","required":["a"]},{"type":"array","items":{"const":1}}]})",
    R"({"oneOf":[{"required":["a"]},{"required":["b"]},{"type":"integer"}]})",
    R"({"not":{"anyOf":[{"type":"string"},{"required":["a"]}]}})",
    R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"type":["array","object"]}})",
    R"({"$ref":"#/$defs/n","$defs":{"n":{"type":["object","integer","array"],"properties":{"a":{"$ref":"#/$defs/n"}},"items":{"$ref":"#/$defs/n"}}}})",
    R"({"properties":{"a":false,"b":true}})",
    "true",
    "false",
};

void random_value(Writer& writer, SeededRandom& random, int depth) {
  static constexpr std::string_view kWords[] = {"", "a", "b", "ab", "abc", "2026-11-22", "2026-02-31", "é"};
  switch (random.below(depth < 3 ? 8 : 5)) {
  case 0:
    writer.null();
    return;
  case 1:
    writer.value(random.below(2) == 0);
    return;
  case 2:
    writer.value(static_cast<std::int64_t>(random.below(6)) - 2);
    return;
  case 3:
    writer.value(0.5 * static_cast<double>(random.below(8)));
    return;
  case 4:
    writer.value(kWords[random.below(std::size(kWords))]);
    return;
  case 5:
    writer.begin_array();
    for (auto left = random.below(4); left > 0; --left) random_value(writer, random, depth + 1);
    writer.end_array();
    return;
  default:
    writer.begin_object();
    for (const char* key : {"a", "b", "bc"}) {
      if (random.below(2) == 0) continue;
      writer.key(key);
      random_value(writer, random, depth + 1);
    }
    writer.end_object();
  }
}

TEST(SchemaAgreementTest, BothFindAFaultOrNeither) {
  SeededRandom random(99);
  for (const std::string_view text : kSchemas) {
    const auto schema = Schema::compile(text);
    ASSERT_TRUE(schema) << text << ": " << schema.error().message;
    const Document tree = read_document(text, false);
    int passed = 0, refused = 0;
    for (int i = 0; i < 400; ++i) {
      std::string value_text;
      Writer writer(value_text);
      random_value(writer, random, 0);
      const Document value = read_document(value_text, false);
      const bool valid = schema->check(value.tree).empty();
      ++(valid ? passed : refused);
      ASSERT_EQ(valid, explain(tree.tree, value.tree, "").empty()) << text << "\n" << value_text;
    }
    EXPECT_TRUE(passed > 0 || text == "false") << text;
    EXPECT_TRUE(refused > 0 || text == "true") << text;
  }
}

} // namespace
} // namespace plugboard::json
