// What is published about the plugin: its manifest, and the schema of its configuration.
#include "plugins/otp/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace otp {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string(OTP_FOLDER) + "/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every member of every object of the schema tells people what it is for.
void expect_described(const Value& schema, const std::string& at) {
  EXPECT_TRUE(schema.HasMember("description")) << at;
  if (const auto* properties = member(schema, "properties"))
    for (const auto& each : properties->GetObject())
      expect_described(each.value, at + "/" + std::string(text_of(each.name)));
  for (const auto* inner : {"items", "additionalProperties"})
    if (const auto* sub = member(schema, inner); sub && sub->IsObject()) expect_described(*sub, at + "/" + inner);
}

TEST(PublishedTest, DescribesEveryMemberOfItsConfiguration) {
  const auto schema = read_object(file("config.schema.json"));
  ASSERT_TRUE(schema);
  expect_described(*schema, "");
}

TEST(PublishedTest, ReadmeKnowsEveryMember) {
  const auto schema = read_object(file("config.schema.json"));
  const auto readme = file("README.md");
  ASSERT_TRUE(schema);
  for (const auto& part : (*schema)["properties"].GetObject()) {
    const std::string name(text_of(part.name));
    EXPECT_THAT(readme, testing::HasSubstr("`" + name)) << name;
    if (name == "recipients" || name == "sender" || name == "subject_key" || !part.value.HasMember("properties"))
      continue;
    for (const auto& each : part.value["properties"].GetObject())
      EXPECT_THAT(readme, testing::HasSubstr("`" + std::string(text_of(each.name)) + "`")) << name;
  }
}

TEST(PublishedTest, StatesItsManners) {
  const auto manifest = read_object(file("manifest.json"));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(text_member(*manifest, "execution"), "async");
  EXPECT_EQ(text_member((*manifest)["identifiers"], "from_config"), "/recipients");
}

} // namespace
} // namespace otp
