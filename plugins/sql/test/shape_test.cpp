#include "plugins/sql/shape.hpp"

#include <plugboard/shapes.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace plugboard::sql {
namespace {

Shape published(std::string_view name) {
  return Shape(shape_json(name));
}

TEST(ShapeTest, KnowsWhatStandsWhere) {
  const auto contact = published("contact/v1");
  EXPECT_FALSE(contact.many());
  EXPECT_EQ(contact.field({"customer_id"}, true), FieldType::text);
  EXPECT_EQ(contact.field({"customer_since"}, true), FieldType::date_time);
  EXPECT_EQ(contact.field({"birth_date"}, true), FieldType::text);
  EXPECT_EQ(contact.field({"vip"}, true), FieldType::boolean);
  EXPECT_EQ(contact.field({"emails", "0", "address"}, true), FieldType::text);
  EXPECT_EQ(contact.field({"emails"}, true), FieldType::structure);
  EXPECT_EQ(contact.field({"address", "lines", "0"}, true), FieldType::text); // through $ref
}

TEST(ShapeTest, KnowsWhatIsNoMember) {
  const auto contact = published("contact/v1");
  EXPECT_EQ(contact.field({"nmae"}, true), std::nullopt);
  EXPECT_EQ(contact.field({"emails", "address"}, true), std::nullopt);
  EXPECT_EQ(contact.field({"name", "first"}, true), std::nullopt);
}

TEST(ShapeTest, SeesARowFromTheRow) {
  const auto orders = published("orders/v1");
  EXPECT_TRUE(orders.many());
  EXPECT_EQ(orders.rows(), Path{"orders"});
  EXPECT_EQ(orders.field({"total", "amount_minor"}, true), FieldType::integer);
  EXPECT_EQ(orders.field({"placed_at"}, true), FieldType::date_time);
  EXPECT_EQ(orders.field({"customer_id"}, true), std::nullopt);
  EXPECT_EQ(orders.field({"customer_id"}, false), FieldType::text);
  EXPECT_EQ(orders.field({"orders", "0", "id"}, false), FieldType::text);
}

TEST(ShapeTest, LetsAnythingIntoAFreeRecord) {
  EXPECT_EQ(published("record/v1").field({"whatever", "deep"}, true), FieldType::any);
}

TEST(ShapeTest, ReadsEveryPublishedShape) {
  for (const auto& shape : shapes()) EXPECT_EQ(Shape(shape.json).name(), shape.name);
}

TEST(ShapeTest, RefusesWhatIsNone) {
  EXPECT_THROW(Shape("[]"), std::runtime_error);
  EXPECT_THROW(Shape("{}"), std::runtime_error);
  EXPECT_THROW(Shape(R"({"$id": "x/v1", "x-rows": "/rows", "properties": {}})"), std::runtime_error);
}

TEST(ShapeTest, DoesNotFollowAReferenceForEver) {
  const Shape shape(R"({"$id": "x/v1", "properties": {"a": {"$ref": "#/properties/a"}}})");
  EXPECT_EQ(shape.field({"a"}, true), std::nullopt);
}

TEST(PointerTest, TakesAPointerApart) {
  EXPECT_EQ(parse_pointer("/a/b~1c/~0/0"), (Path{"a", "b/c", "~", "0"}));
  EXPECT_EQ(parse_pointer(""), Path{});
  EXPECT_EQ(parse_pointer("a"), std::nullopt);
  EXPECT_EQ(parse_pointer("/a~2"), std::nullopt);
  EXPECT_EQ(parse_pointer("/a~"), std::nullopt);
}

} // namespace
} // namespace plugboard::sql
