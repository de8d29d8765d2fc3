// What is published about the plugin: its manifest, and the schema of its configuration.
#include "plugins/rest/settings.hpp"

#include "plugins/rest/test/support.hpp"

#include <fstream>
#include <sstream>

namespace plugboard::rest::test {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string(REST_FOLDER) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every member of every object of the schema tells people what it is for.
void expect_described(const Value& schema, const std::string& at) {
  if (!schema.is(Value::Kind::object)) return;
  for (const auto* members : {"properties", "patternProperties"})
    if (const auto* properties = schema.member(members))
      for (std::size_t i = 0; i < properties->items.size(); ++i) {
        const auto& property = properties->items[i];
        auto here = at + "/" + members + "/" + properties->names[i];
        bool is_member = std::string_view(members) == "properties";
        EXPECT_TRUE(property.member("description") || (!is_member && property.member("$ref"))) << here;
        expect_described(property, here);
      }
  for (auto inner : {"items", "additionalProperties"})
    if (const auto* sub = schema.member(inner)) expect_described(*sub, at + "/" + inner);
}

TEST(PublishedTest, DescribesEveryMemberOfItsConfiguration) {
  auto schema = json(file("config.schema.json"));
  expect_described(schema, "");
  const auto* definitions = schema.member("$defs");
  ASSERT_TRUE(definitions);
  for (std::size_t i = 0; i < definitions->items.size(); ++i) {
    EXPECT_TRUE(definitions->items[i].member("description")) << definitions->names[i];
    expect_described(definitions->items[i], "/$defs/" + definitions->names[i]);
  }
}

TEST(PublishedTest, NamesTheConversionsThatThereAre) {
  auto schema = json(file("config.schema.json"));
  auto names = Pointer::parse("/$defs/rule/properties/as/enum")->find(schema);
  ASSERT_TRUE(names);
  EXPECT_EQ(names->items.size(), 11U);
  for (const auto& name : names->items) {
    Problems problems;
    auto config = json(R"({"a":{"from":"/a","as":")" + name.text + "\"}}");
    static_cast<void>(read_mapping(config, "", problems));
    EXPECT_EQ(problems.text(), "");
  }
}

TEST(PublishedTest, StatesItsManners) {
  auto manifest = json(file("manifest.json"));
  EXPECT_EQ(manifest.member("name")->text, "rest");
  EXPECT_EQ(manifest.member("execution")->text, "async");
  EXPECT_EQ(write_json(*manifest.member("operations")), R"(["lookup"])");
  EXPECT_EQ(write_json(*manifest.member("sections")), R"({"from_config":"/sections"})");
  EXPECT_EQ(write_json(*manifest.member("grants")), R"({"egress":["https:*","http:*"]})");
}

// The README's example is the one that a newcomer copies.
TEST(PublishedTest, TheReadmesExampleWorks) {
  auto readme = file("README.md");
  auto begin = readme.find("```json\n");
  ASSERT_NE(begin, readme.npos);
  begin += 8;
  auto connector = json(readme.substr(begin, readme.find("```", begin) - begin));
  const auto* config = connector.member("config");
  ASSERT_TRUE(config);
  auto text = write_json(*config);
  for (std::size_t at; (at = text.find("\"env\"")) != text.npos;) text.replace(at, 5, "\"secret\""); // as the hub does
  EXPECT_EQ(read_settings(text).sections.size(), 2U);
}

} // namespace
} // namespace plugboard::rest::test
