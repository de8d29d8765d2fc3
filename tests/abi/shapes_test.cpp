// The published shapes, as they are embedded.
#include <plugboard/shapes.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard {
namespace {

TEST(ShapesTest, AreEmbeddedByName) {
  std::vector<std::string_view> names;
  for (const auto& shape : shapes()) names.push_back(shape.name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("contact/v1", "orders/v1", "payments/v1", "tickets/v1", "record/v1"));
  for (const auto& shape : shapes()) {
    EXPECT_EQ(shape_json(shape.name), shape.json);
    EXPECT_NE(shape.json.find("\"$id\": \"" + std::string(shape.name) + "\""), std::string_view::npos);
  }
  EXPECT_EQ(shape_json("contact/v2"), "");
}

TEST(ShapesTest, ComeWithTheListOfIdentifiers) {
  EXPECT_THAT(std::string(identifier_types_json()), testing::HasSubstr("\"email\": {"));
}

} // namespace
} // namespace plugboard
